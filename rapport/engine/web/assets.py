"""Where static files are collected: every name carries a hash of its content, so browsers may keep it for a year."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedFiles(ManifestStaticFilesStorage):
    """Also rewrites what scripts import, so that an upgrade never mixes old modules with new ones."""

    support_js_module_import_aggregation = True
