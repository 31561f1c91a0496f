"""What a page must not do while a test looks at it."""

import re

# The browser itself, and htmx after it, report every refused answer (409, 422 …) as an error. Tests that
# provoke one look at the page; a server error (5xx) is caught by its status below.
REFUSED_ANSWER = re.compile(r"^Failed to load resource: .* 4\d\d|^Response Status Error Code 4\d\d")


class Faults:
    """Console errors, script errors, broken content policy, server errors and requests to other machines."""

    def __init__(self, own_address: str):
        self.own_address = own_address
        self.seen: list[str] = []
        self.forgiven: list[re.Pattern] = [REFUSED_ANSWER]

    def watch(self, context):
        """Collect the faults of every page of the context and cut its way to other machines."""
        context.route("**/*", self._stay_at_home)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"script error: {error.error}"))
        context.on("response", self._response)

    def _stay_at_home(self, route):
        address = route.request.url
        if address.startswith((self.own_address, "data:", "blob:")):
            route.continue_()
        else:
            self.seen.append(f"request to another machine: {address}")
            route.abort()

    def _console(self, message):
        if message.type == "error" and not any(pattern.search(message.text) for pattern in self.forgiven):
            where = message.page.url if message.page else message.location["url"]
            self.seen.append(f"console of {where}: {message.text}")

    def _response(self, response):
        if response.status >= 500:
            self.seen.append(f"{response.status} from {response.url}")

    def forgive(self, pattern: str):
        """This test provokes an error whose text matches; say why in the test."""
        self.forgiven.append(re.compile(pattern))

    def assert_none(self):
        assert not self.seen, "\n".join(self.seen)
