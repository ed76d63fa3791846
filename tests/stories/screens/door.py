"""What stands before the sign-in, and what is shown when something went wrong."""

from allauth.account.utils import user_pk_to_url_str
from django.test import RequestFactory

from rapport.engine.accounts.reset import ResetTokens
from rapport.engine.accounts.views.throttled import too_many_requests
from rapport.engine.web.views.errors import bad_request, server_error
from tests.stories.screens.furnishing import HAL, PASSWORD, World
from tests.stories.screens.screen import Screen


def outside(world: World) -> list[Screen]:
    """Pages for those who are not signed in."""
    request = RequestFactory().get("/trouble/")
    user = world.alice
    reset = f"/sign-in/forgotten/{user_pk_to_url_str(user)}/{ResetTokens().make_token(user)}"
    who = {"#id_login": HAL, "#id_password": PASSWORD}
    broken = {
        "too many requests": too_many_requests(request),
        "server error": server_error(request),
        "unreadable request": bad_request(request, Exception()),
    }
    return [
        Screen("sign in", "/sign-in/", False),
        Screen("sign in, refused", "/sign-in/", False, {"#id_login": "x@x.no", "#id_password": "no"}, "form button"),
        Screen("one-time link", world.links["sign in"], False),
        Screen("invitation", "/" + world.links["invitation"].split("/", 3)[3], False),
        Screen("worthless link", "/sign-in/link/unknown", False, status=410),
        Screen("forgotten password", "/sign-in/forgotten/", False),
        Screen("forgotten password, sent", "/sign-in/forgotten/sent/", False),
        Screen("new password", reset, False),
        Screen("new password, problems", reset, False, {"#id_password1": "x", "#id_password2": "y"}, "form button"),
        Screen("new password, worthless link", "/sign-in/forgotten/1/unknown", False),
        *(
            Screen(name, f"/trouble/{number}", False, markup=page.content.decode())
            for number, (name, page) in enumerate(broken.items())
        ),
        Screen("second step", "/sign-in/", False, who, "form button"),
        Screen("second step, wrong code", "/sign-in/second/", False, {"#id_code": "x"}, "form button"),
    ]
