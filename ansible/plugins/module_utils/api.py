# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""The REST API of Qrate's admin service, as its modules use it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import re

from ansible.module_utils.basic import env_fallback
from ansible.module_utils.common.text.converters import to_native
from ansible.module_utils.six.moves.urllib.error import HTTPError
from ansible.module_utils.six.moves.urllib.parse import parse_qsl, quote, urlencode
from ansible.module_utils.urls import open_url

ANSWER_BYTES_MAX = 16 * 1024 * 1024
PREFIX = "/api/v1"
NEXT = re.compile(r'<[^>?]*\?([^>]*)>; rel="next"')


def arguments(**more):
    """The options that all modules share, and those of one."""
    spec = dict(
        url=dict(type="str", default="http://127.0.0.1:8080"),
        token=dict(type="str", no_log=True, fallback=(env_fallback, ["QRATE_ADMIN_TOKEN"])),
        token_file=dict(type="path", no_log=False),
        timeout=dict(type="int", default=30),
        validate_certs=dict(type="bool", default=True),
    )
    spec.update(more)
    return spec


def path(*parts):
    """A path below the API, each part of it escaped."""
    return "/" + "/".join(quote(part, safe="@") for part in parts)


class Api(object):
    """One service; what it refuses ends the module with its own words."""

    def __init__(self, module):
        self.module = module
        self.base = module.params["url"].rstrip("/") + PREFIX
        self.token = module.params["token"] or self._of_file(module.params["token_file"])

    def _of_file(self, name):
        if not name:
            self.module.fail_json(msg="token or token_file is needed, or QRATE_ADMIN_TOKEN in the environment")
        try:
            with open(name, "r") as file:
                token = file.read(1000).strip()
        except (IOError, OSError) as error:
            self.module.fail_json(msg="token_file: %s: is the admin service running?" % to_native(error))
        if not token:
            self.module.fail_json(msg="token_file: %s holds no token" % name)
        self.module.no_log_values.add(token)
        return token

    def get(self, where, query=None):
        """What is there, or None; of a list all of its parts."""
        found, more = self._request("GET", where, None, query, missing=True)
        while more and isinstance(found, list):
            part, more = self._request("GET", where, None, more, missing=True)
            found += part or []
        return found

    def send(self, method, where, body=None, query=None):
        """Changes something."""
        return self._request(method, where, body, query)[0]

    def _request(self, method, where, body, query, missing=False):
        """The answer, and the query of the part behind it, where there is one (RFC 8288)."""
        url = self.base + where + ("?" + urlencode(query) if query else "")
        headers = {"Authorization": "Bearer " + self.token, "Accept": "application/json"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body)
        try:
            answer = open_url(
                url,
                method=method,
                data=data,
                headers=headers,
                timeout=self.module.params["timeout"],
                validate_certs=self.module.params["validate_certs"],
                follow_redirects="none",
                use_proxy=False,
            )
            more = NEXT.search(answer.headers.get("Link") or "")
            return self._json(answer.read(ANSWER_BYTES_MAX), url), parse_qsl(more.group(1)) if more else None
        except HTTPError as error:
            if missing and error.code == 404:
                return None, None
            self.module.fail_json(msg=self._why(error), status=error.code, url=url)
        except Exception as error:  # whatever the many versions of urllib raise
            self.module.fail_json(msg="%s: %s" % (url, to_native(error)), url=url)

    def _json(self, text, url):
        if not text:
            return {}
        try:
            return json.loads(text)
        except ValueError:
            self.module.fail_json(msg="%s: the answer is no JSON: is that Qrate's admin service?" % url, url=url)

    def _why(self, error):
        if error.code in (401, 403):
            hint = ": the token is wrong, has ended, or may not do this"
        else:
            hint = ""
        try:
            shape = json.loads(error.read(ANSWER_BYTES_MAX))
            if shape.get("why"):
                return shape["why"] + (hint if error.code == 401 else "")
            if shape.get("error"):
                return "%s%s" % (shape["error"], hint)
        except (ValueError, AttributeError, TypeError):
            pass
        return "HTTP %s%s" % (error.code, hint)


def halves(module):
    """The local part and the domain of the option address."""
    user, sign, domain = module.params["address"].rpartition("@")
    if not user or not domain:
        module.fail_json(msg="address: %s is not user@domain" % module.params["address"])
    return user, domain


def forced(module, **query):
    """The query of a removal: whether what goes with it may go, too."""
    return dict(query, force="true") if module.params["force"] else query


def remove(module, api, where, name):
    """Takes away what may be there, and ends the module.

    name: of what it returns
    """
    before = api.get(where)
    if before is not None and not module.check_mode:
        api.send("DELETE", where, query=forced(module))
    finish(module, before or {}, {}, **{name: {}})


def wanted(params, names):
    """Those options that were given, by their names in the API."""
    return dict((there, params[here]) for here, there in names.items() if params.get(here) is not None)


def differing(now, wish):
    """What of a wish is not so now."""
    return dict((name, value) for name, value in wish.items() if now.get(name) != value)


def outcome(module, api, method, where, body=None, **query):
    """Does what the service itself compares, or asks it what would be done, and ends the module."""
    if module.check_mode:
        query["check"] = "true"
    said = api.send(method, where, body, query)
    module.exit_json(
        changed=said["changed"],
        differences=said["differences"],
        notes=said["notes"],
        diff=dict(prepared="".join(line + "\n" for line in said["differences"])),
    )


def finish(module, before, after, **more):
    """Ends the module: changed if it differs, with the difference."""
    module.exit_json(changed=before != after, diff=dict(before=before, after=after), **more)
