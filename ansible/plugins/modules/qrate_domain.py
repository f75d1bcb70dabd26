#!/usr/bin/python
# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""A mail domain of Qrate."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: qrate_domain
short_description: A mail domain of Qrate, or another name of one
version_added: 0.2.0
description:
  - Makes a mail domain with its postmaster, or a further name of one; sets its catch-all and its limits; removes it.
  - What is not given is left as it is.
author: Qrate contributors (@qrate)
extends_documentation_fragment: qrate.mail.api
attributes:
  check_mode:
    description: Says what would change and changes nothing.
    support: full
  diff_mode:
    description: Shows the domain before and after.
    support: full
options:
  name:
    description: The domain.
    type: str
    required: true
  state:
    description: Whether it is there. With C(absent) its mailboxes and their mail go too.
    type: str
    choices: [present, absent]
    default: present
  alias_of:
    description: The domain that this is another name of. It cannot be changed later.
    type: str
  password:
    description: Password of the domain's postmaster, at least 8 characters. Needed when a domain is made, and not looked at later.
    type: str
  catch_all:
    description: Where mail for unknown addresses goes; an empty text for nowhere.
    type: str
  mailboxes_max:
    description: Most mailboxes; 0 for no limit.
    type: int
  aliases_max:
    description: Most alias lines; 0 for no limit.
    type: int
  quota_bytes:
    description: Quota of new mailboxes in bytes; 0 for none.
    type: int
  force:
    description: With O(state=absent), remove it though other things would go with it, which are named in the refusal.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: The school's domain
  qrate.mail.qrate_domain:
    name: riverside-school.example
    password: "{{ vault_postmaster_password }}"
    mailboxes_max: 30
    token_file: /var/lib/qrate/db/local-token

- name: Its short name
  qrate.mail.qrate_domain:
    name: riverside.example
    alias_of: riverside-school.example
    token_file: /var/lib/qrate/db/local-token
"""

RETURN = r"""
domain:
  description: The domain as it is afterwards, or would be; empty when it is not there.
  returned: success
  type: dict
  sample:
    name: riverside-school.example
    aliasOf: ""
    catchAll: ""
    mailboxes: 1
    limits: {mailboxes: 30, aliases: 0, quotaBytes: 0}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.qrate.mail.plugins.module_utils.api import Api, arguments, differing, finish, path, remove, wanted

LIMITS = dict(mailboxes_max="mailboxes", aliases_max="aliases", quota_bytes="quotaBytes")


def present(module, api):
    params = module.params
    where = path("domains", params["name"])
    before = api.get(where)
    limits = wanted(params, LIMITS)
    if before is None:
        now = make(module, api, limits)
    else:
        if params["alias_of"] is not None and before["aliasOf"] != params["alias_of"].lower():
            module.fail_json(
                msg="alias_of: %s is %s, and that cannot be changed"
                % (params["name"], "another name of " + before["aliasOf"] if before["aliasOf"] else "a domain of its own")
            )
        now = dict(before)
    after = dict(now, limits=dict(now["limits"], **limits))
    if params["catch_all"] is not None:
        after["catchAll"] = params["catch_all"]
    if not module.check_mode:
        if differing(now["limits"], limits):
            api.send("PUT", where + "/limits", limits)
        if after["catchAll"] != now["catchAll"]:
            api.send("PUT", where, dict(catchAll=after["catchAll"]))
        after = api.get(where) or after
    finish(module, before or {}, after, domain=after)


def make(module, api, limits):
    params = module.params
    body = dict(name=params["name"])
    if params["alias_of"]:
        if limits or params["catch_all"] is not None:
            module.fail_json(msg="%s: limits and catch_all belong to the domain that it is another name of" % params["name"])
        body["aliasOf"] = params["alias_of"]
    elif not params["password"]:
        module.fail_json(msg="password: %s is not there yet, and its postmaster needs one" % params["name"])
    else:
        body["password"] = params["password"]
    if not module.check_mode:
        api.send("POST", path("domains"), body)
        made = api.get(path("domains", params["name"]))
        if made:
            return made
    return dict(
        name=params["name"],
        aliasOf=params["alias_of"] or "",
        catchAll="",
        mailboxes=0 if params["alias_of"] else 1,
        limits=dict(mailboxes=0, aliases=0, quotaBytes=0),
    )


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=arguments(
            name=dict(type="str", required=True),
            state=dict(type="str", choices=["present", "absent"], default="present"),
            alias_of=dict(type="str"),
            password=dict(type="str", no_log=True),
            catch_all=dict(type="str"),
            mailboxes_max=dict(type="int"),
            aliases_max=dict(type="int"),
            quota_bytes=dict(type="int"),
            force=dict(type="bool", default=False),
        ),
        supports_check_mode=True,
    )
    api = Api(module)
    if module.params["state"] == "present":
        present(module, api)
    else:
        remove(module, api, path("domains", module.params["name"]), "domain")


if __name__ == "__main__":
    main()
