#!/usr/bin/python
# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""A control file of Qrate."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: qrate_control
short_description: A control file of Qrate
version_added: 0.2.0
description:
  - Sets a control file, or removes it, checked as C(qrate apply) checks it. docs/control.md lists them.
  - The lines of the directory's own domains in C(rcpthosts) and C(virtualdomains) stay whatever is said.
  - Files that can name a program to run (C(acmehook), C(defaultdelivery), C(tcp.smtp), C(virtualprograms)) are refused; M(qrate.mail.qrate_apply) sets them.
author: Qrate contributors (@qrate)
extends_documentation_fragment: qrate.mail.api
attributes:
  check_mode:
    description: Says what would change and changes nothing.
    support: full
  diff_mode:
    description: Shows a line for each difference, without passwords.
    support: full
options:
  name:
    description: Its name.
    type: str
    required: true
  state:
    description: Whether it is there.
    type: str
    choices: [present, absent]
    default: present
  value:
    description: What a file of one value holds.
    type: str
  lines:
    description: What a file of lines holds.
    type: list
    elements: str
  secret_lines:
    description: The same for C(smtproutes) and C(acmeeab), whose lines may hold passwords; they belong into a vault.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: No message of more than 50 MB
  qrate.mail.qrate_control:
    name: databytes
    value: "50000000"
    token_file: /var/lib/qrate/db/local-token

- name: Mail goes out through a provider
  qrate.mail.qrate_control:
    name: smtproutes
    secret_lines: [":smtp.provider.example:587 alice {{ vault_password_at_provider }}"]
    token_file: /var/lib/qrate/db/local-token
"""

RETURN = r"""
differences:
  description: What was changed, or would be.
  returned: success
  type: list
  elements: str
  sample: ["change control file databytes: 0 -> 50000000"]
notes:
  description: What has to be done before it counts, such as a restart.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.qrate.mail.plugins.module_utils.api import Api, arguments, outcome, path


SECRET = ("acmeeab", "smtproutes")
KINDS = ("value", "lines", "secret_lines")


def lines_of(module):
    """The lines, whichever option has them."""
    params = module.params
    given = [kind for kind in KINDS if params[kind] is not None]
    if not given:
        module.fail_json(msg="%s are needed for state=present" % " or ".join(KINDS))
    if (params["name"] in SECRET) != (given[0] == "secret_lines"):
        module.fail_json(msg="%s: secret_lines is for %s, and for no other" % (params["name"], " and ".join(SECRET)))
    return [params["value"]] if given[0] == "value" else params[given[0]]


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=arguments(
            name=dict(type="str", required=True),
            state=dict(type="str", choices=["present", "absent"], default="present"),
            value=dict(type="str"),
            lines=dict(type="list", elements="str"),
            secret_lines=dict(type="list", elements="str", no_log=True),
        ),
        mutually_exclusive=[KINDS],
        supports_check_mode=True,
    )
    params = module.params
    api = Api(module)
    where = path("control", params["name"])
    if params["state"] == "absent":
        outcome(module, api, "DELETE", where)
    outcome(module, api, "PUT", where, dict(lines=lines_of(module)))


if __name__ == "__main__":
    main()
