#!/usr/bin/python
# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""A mailbox of Qrate."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: qrate_mailbox
short_description: A mailbox of Qrate
version_added: 0.2.0
description:
  - Makes a mailbox, sets its quota and what its owner may, removes it.
  - What is not given is left as it is.
author: Qrate contributors (@qrate)
extends_documentation_fragment: qrate.mail.api
attributes:
  check_mode:
    description: Says what would change and changes nothing.
    support: full
  diff_mode:
    description: Shows the mailbox before and after, without its password.
    support: full
options:
  address:
    description: Its address, C(user@domain).
    type: str
    required: true
  state:
    description: Whether it is there. With C(absent) its mail goes too.
    type: str
    choices: [present, absent]
    default: present
  password:
    description: Its password, at least 8 characters. This or O(password_hash) is needed when a mailbox is made.
    type: str
  password_hash:
    description: A hash in its place, as crypt(3) writes it.
    type: str
  update_password:
    description:
      - With C(on_create) the password is set when the mailbox is made, and left to its owner later.
      - With C(always) it is set each time, and the module always reports a change, since nothing shows a password.
    type: str
    choices: [on_create, always]
    default: on_create
  quota_bytes:
    description: Most bytes of mail; 0 for no limit.
    type: int
  quota_messages:
    description: Most messages; 0 for no limit.
    type: int
  pop:
    description: Whether its owner may read by POP3.
    type: bool
  smtp:
    description: Whether its owner may send.
    type: bool
  postmaster:
    description: Whether its owner administers the domain.
    type: bool
  keep:
    description: Whether mail is kept here where an alias of the same name forwards it.
    type: bool
  force:
    description: With O(state=absent), remove it though other things would go with it, which are named in the refusal.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: A mailbox for Ann
  qrate.mail.qrate_mailbox:
    address: ann@example.org
    password: "{{ vault_first_password_of_ann }}"
    quota_bytes: 524288000
    token_file: /var/lib/qrate/db/local-token

- name: Bob has left
  qrate.mail.qrate_mailbox:
    address: bob@example.org
    state: absent
    token_file: /var/lib/qrate/db/local-token
"""

RETURN = r"""
mailbox:
  description: The mailbox as it is afterwards, or would be; empty when it is not there.
  returned: success
  type: dict
  sample: {address: ann@example.org, quotaBytes: 524288000, pop: true, smtp: true}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.qrate.mail.plugins.module_utils.api import Api, arguments, differing, finish, halves, path, remove, wanted

FIELDS = dict(quota_bytes="quotaBytes", quota_messages="quotaMessages", pop="pop", smtp="smtp", postmaster="postmaster", keep="keep")


def secret(params):
    """The password as the API takes it; empty when none is given."""
    return wanted(params, dict(password="password", password_hash="hash"))


def present(module, api):
    params = module.params
    where = path("mailboxes", params["address"])
    before = api.get(where)
    wish = wanted(params, FIELDS)
    password = secret(params)
    if before is None:
        now = make(module, api, password)
    else:
        now = dict(before)
    after = dict(now, **wish)
    renewed = before is not None and params["update_password"] == "always" and bool(password)
    if not module.check_mode:
        if differing(now, wish):
            api.send("PUT", where, wish)
        if renewed:
            api.send("PUT", where + "/password", password)
        after = api.get(where) or after
    if renewed:
        module.exit_json(
            changed=True,
            mailbox=after,
            diff=dict(before=dict(before, password="(as it was)"), after=dict(after, password="(set anew)")),
        )
    finish(module, before or {}, after, mailbox=after)


def make(module, api, password):
    address = module.params["address"]
    domain = halves(module)[1]
    if not password:
        module.fail_json(msg="password: %s is not there yet, and needs one, or password_hash" % address)
    if not module.check_mode:
        api.send("POST", path("domains", domain, "mailboxes"), dict(password, address=address))
        made = api.get(path("mailboxes", address))
        if made:
            return made
    elif api.get(path("domains", domain)) is None:
        module.fail_json(msg="address: there is no domain %s" % domain)
    return dict(address=address)


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=arguments(
            address=dict(type="str", required=True),
            state=dict(type="str", choices=["present", "absent"], default="present"),
            password=dict(type="str", no_log=True),
            password_hash=dict(type="str", no_log=True),
            update_password=dict(type="str", choices=["on_create", "always"], default="on_create", no_log=False),
            quota_bytes=dict(type="int"),
            quota_messages=dict(type="int"),
            pop=dict(type="bool"),
            smtp=dict(type="bool"),
            postmaster=dict(type="bool"),
            keep=dict(type="bool"),
            force=dict(type="bool", default=False),
        ),
        mutually_exclusive=[("password", "password_hash")],
        supports_check_mode=True,
    )
    api = Api(module)
    if module.params["state"] == "present":
        present(module, api)
    else:
        remove(module, api, path("mailboxes", module.params["address"]), "mailbox")


if __name__ == "__main__":
    main()
