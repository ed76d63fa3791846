"""What every answer has to say to a browser, whatever it holds."""

from django.http import HttpResponse

WANTED = {
    "X-Content-Type-Options": ("nosniff",),
    "Referrer-Policy": ("same-origin", "no-referrer"),
    "X-Frame-Options": ("DENY",),
    "Cross-Origin-Opener-Policy": ("same-origin",),
}
POLICY = ("default-src 'none'", "frame-ancestors 'none'")
LOOSE = ("unsafe-inline", "unsafe-eval", "*", "http:", "https:")
SCRIPTED = ("script-src 'self'", "base-uri 'none'", "form-action 'self'")


def missing_headers(answer: HttpResponse, *, is_api: bool = False) -> list[str]:
    """The names of what an answer leaves out or says wrongly."""
    missing = [name for name, good in WANTED.items() if answer.get(name) not in good]
    policy = answer.get("Content-Security-Policy", "")
    is_page = answer.get("Content-Type", "").startswith("text/html") and bool(answer.content)
    missing += [f"CSP {part}" for part in (*POLICY, *(SCRIPTED if is_page else ())) if part not in policy]
    missing += [f"CSP without {word}" for word in LOOSE if word in policy.replace("data:", "")]
    if is_api and answer.content and "no-cache" not in answer.get("Cache-Control", ""):
        missing.append("Cache-Control")
    return missing
