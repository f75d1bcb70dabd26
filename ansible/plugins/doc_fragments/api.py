"""What every module of the REST API takes."""


class ModuleDocFragment:
    """The options of `plugins/module_utils/api.py`."""

    DOCUMENTATION = r"""
options:
  url:
    description: Where the admin service answers, as seen from the machine that the module runs on.
    type: str
    default: http://127.0.0.1:8080
  token:
    description:
      - A token of an administrator (C(qrate tokens), or the page "Account"); its scope must be more than C(read) to change anything.
      - The environment variable C(QRATE_ADMIN_TOKEN) stands in its place.
    type: str
  token_file:
    description: A file on that machine that holds the token, such as C(/var/lib/qrate/db/local-token).
    type: path
  timeout:
    description: Seconds to wait for an answer.
    type: int
    default: 30
  validate_certs:
    description: Whether the certificate of an C(https) address is checked.
    type: bool
    default: true
"""
