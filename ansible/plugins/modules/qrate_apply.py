#!/usr/bin/python
# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""The declared state of Qrate."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: qrate_apply
short_description: Brings Qrate to a declared state
version_added: 0.2.0
description:
  - Gives a declared state to C(qrate apply), which brings control files, administrators, domains, mailboxes, aliases and mailing lists to it.
  - The whole of it is checked first; when something in it is wrong nothing is changed.
author: Qrate contributors (@qrate)
attributes:
  check_mode:
    description: Says what would change and changes nothing.
    support: full
  diff_mode:
    description: Shows a line for each difference, without passwords.
    support: full
options:
  text:
    description: The declared state, YAML or JSON.
    type: str
    required: true
  program:
    description: What C(apply) and its options are put behind, such as C(/opt/qrate/current/qrate) and who runs it.
    type: list
    elements: str
    required: true
  prune:
    description: Whether goes what is not named, of each kind that is spoken of.
    type: bool
    default: false
  agree:
    description: Whether mail, lists and administrators may go with it.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Mail goes out through a provider
  qrate.mail.qrate_apply:
    text: |
      control:
        smtproutes: [":smtp.provider.example:587 alice {{ vault_password_at_provider }}"]
    program: [runuser, -u, qrate, --, /opt/qrate/current/qrate]
  environment:
    QRATE_STATE: /var/lib/qrate
"""

RETURN = r"""
changes:
  description: What was changed, or would be.
  returned: success
  type: list
  elements: dict
  sample: [{act: add, kind: mailbox, name: ann@example.org, what: ""}]
notes:
  description: Control files that count after a restart only, a sentence each.
  returned: success
  type: list
  elements: str
  sample: []
"""

import json

from ansible.module_utils.basic import AnsibleModule

SIGNS = dict(add="+", remove="-")
DONE, WOULD_CHANGE = 0, 2


def line(change):
    """One difference as a line."""
    what = ": " + change["what"] if change["what"] else ""
    return "%s %s %s%s\n" % (SIGNS.get(change["act"], "~"), change["kind"], change["name"], what)


def run(module):
    """Exit code of apply, and what it says."""
    params = module.params
    command = params["program"] + ["apply", "-", "--json"]
    command += ["--prune"] if params["prune"] else []
    command += ["--yes"] if params["agree"] else []
    command += ["--dry-run"] if module.check_mode else []
    code, out, err = module.run_command(command, data=params["text"], cwd="/")
    try:
        return code, json.loads(out)
    except ValueError:
        module.fail_json(msg=err.strip() or "%s: exit code %d" % (" ".join(command), code), rc=code)


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            text=dict(type="str", required=True, no_log=True),
            program=dict(type="list", elements="str", required=True),
            prune=dict(type="bool", default=False),
            agree=dict(type="bool", default=False),
        ),
        supports_check_mode=True,
    )
    code, said = run(module)
    result = dict(
        changed=bool(said["changes"]),
        changes=said["changes"],
        notes=said["notes"],
        diff=dict(prepared="".join(line(change) for change in said["changes"])),
    )
    if code not in (DONE, WOULD_CHANGE):
        module.fail_json(msg=said["error"] or "exit code %d" % code, rc=code, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
