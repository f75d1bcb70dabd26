#!/usr/bin/python
# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""An alias of Qrate."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: qrate_alias
short_description: An alias of Qrate, with all that it leads to
version_added: 0.2.0
description:
  - Says where mail for an address goes. Beside a mailbox of that name an alias sends copies.
  - With O(state=present) and O(exact=true) the alias leads to just these targets afterwards.
author: Qrate contributors (@qrate)
extends_documentation_fragment: qrate.mail.api
attributes:
  check_mode:
    description: Says what would change and changes nothing.
    support: full
  diff_mode:
    description: Shows the targets before and after.
    support: full
options:
  address:
    description: Its address, C(user@domain).
    type: str
    required: true
  targets:
    description:
      - Where it leads, addresses or lines of a C(.qmail) file that an alias may have.
      - With O(state=absent) only these are taken away; without any, all.
    type: list
    elements: str
    default: []
  exact:
    description: Whether targets that are not named are taken away.
    type: bool
    default: true
  state:
    description: Whether the targets are there.
    type: str
    choices: [present, absent]
    default: present
  force:
    description: Take targets away though other things would go with them, which are named in the refusal.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: The office
  qrate.mail.qrate_alias:
    address: office@example.org
    targets:
      - ann@example.org
      - bob@example.org
    token_file: /var/lib/qrate/db/local-token
"""

RETURN = r"""
targets:
  description: Where it leads afterwards, or would.
  returned: success
  type: list
  elements: str
  sample: [ann@example.org, bob@example.org]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.qrate.mail.plugins.module_utils.api import Api, arguments, finish, forced, halves, path


def plain(target):
    """A target as the API writes it: an address without the sign of a forward line, its domain in small letters."""
    text = target.strip().lstrip("&").strip()
    user, sign, domain = text.rpartition("@")
    return user + sign + domain.lower() if sign and "/" not in text and "|" not in text else target.strip()


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=arguments(
            address=dict(type="str", required=True),
            targets=dict(type="list", elements="str", default=[]),
            exact=dict(type="bool", default=True),
            state=dict(type="str", choices=["present", "absent"], default="present"),
            force=dict(type="bool", default=False),
        ),
        supports_check_mode=True,
    )
    params = module.params
    domain = halves(module)[1]
    if params["state"] == "present" and not params["targets"]:
        module.fail_json(msg="targets: %s leads nowhere: name a target, or state: absent" % params["address"])
    api = Api(module)
    where = path("domains", domain, "aliases")
    lines = api.get(where)
    if lines is None:
        if params["state"] == "absent":
            lines = []
        else:
            module.fail_json(msg="address: there is no domain %s" % domain)
    before = [line["target"] for line in lines if line["address"].lower() == params["address"].lower()]
    named = []
    for target in params["targets"]:
        if plain(target) not in named:
            named.append(plain(target))
    there = dict((plain(target), target) for target in before)
    if params["state"] == "absent":
        going = [there[target] for target in named if target in there] if named else before
        coming = []
    else:
        going = [target for target in before if plain(target) not in named] if params["exact"] else []
        coming = [target for target in named if target not in there]
    after = [target for target in before if target not in going] + coming
    if not module.check_mode:
        for target in coming:
            api.send("POST", where, dict(address=params["address"], target=target))
        for target in going:
            api.send("DELETE", where, query=forced(module, address=params["address"], target=target))
    finish(module, dict(targets=sorted(before)), dict(targets=sorted(after)), targets=after)


if __name__ == "__main__":
    main()
