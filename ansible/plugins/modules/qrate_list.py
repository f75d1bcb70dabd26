#!/usr/bin/python
# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""A mailing list of Qrate."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: qrate_list
short_description: A mailing list of Qrate
version_added: 0.2.0
description:
  - Makes a mailing list, sets what is set for it and who is on it, removes it.
  - What is not given is left as it is; people are added, and with O(exact=true) those who are not named leave.
author: Qrate contributors (@qrate)
extends_documentation_fragment: qrate.mail.api
attributes:
  check_mode:
    description: Says what would change and changes nothing.
    support: full
  diff_mode:
    description: Shows a line for each difference.
    support: full
options:
  address:
    description: Its address, C(list@domain).
    type: str
    required: true
  state:
    description: Whether it is there.
    type: str
    choices: [present, absent]
    default: present
  owner:
    description: Who gets the owner's mail. A new list is the postmaster's.
    type: str
  prefix:
    description: What stands before each subject; empty for nothing.
    type: str
  archive:
    description: Whether posts are kept.
    type: bool
  archive_open:
    description: Whether people who are not subscribed may read the archive.
    type: bool
  confirm_subscribe:
    description: Whether who asks to subscribe is asked back.
    type: bool
  confirm_unsubscribe:
    description: Whether who asks to leave is asked back.
    type: bool
  moderated:
    description: Whether a moderator reads each post first.
    type: bool
  moderated_subscriptions:
    description: Whether a moderator agrees to each subscription.
    type: bool
  public:
    description: Whether commands by mail are answered at all.
    type: bool
  subscribers_only:
    description: Whether only subscribers may post.
    type: bool
  one_click:
    description: Whether each subscriber gets a link of their own to leave by.
    type: bool
  rewrite_from:
    description: Whether the list is in From, and not the author; C(auto) where the author's domain asks that changed mail be refused.
    type: str
    choices: [auto, always, never]
  subscribers:
    description: Addresses on the list.
    type: list
    elements: str
  moderators:
    description: Addresses of its moderators.
    type: list
    elements: str
  allow:
    description: Addresses that may post without being on the list.
    type: list
    elements: str
  deny:
    description: Addresses that may not post.
    type: list
    elements: str
  exact:
    description: Whether those leave who are not named in a set of addresses that is given.
    type: bool
    default: false
  force:
    description: With O(state=absent), remove it with its subscribers and archive; without it that is refused.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: A list of the team
  qrate.mail.qrate_list:
    address: team@example.org
    owner: ann@example.org
    subscribers_only: true
    subscribers: [ann@example.org, bob@example.org]
    exact: true
    token_file: /var/lib/qrate/db/local-token
"""

RETURN = r"""
differences:
  description: What was changed, or would be.
  returned: success
  type: list
  elements: str
  sample: ["add list team@example.org"]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.qrate.mail.plugins.module_utils.api import Api, arguments, finish, forced, outcome, path, wanted

TEXTS = ("owner", "prefix")
REWRITE = "rewrite_from"
TRUTHS = (
    "archive",
    "archive_open",
    "confirm_subscribe",
    "confirm_unsubscribe",
    "moderated",
    "moderated_subscriptions",
    "public",
    "subscribers_only",
    "one_click",
)
SETS = ("subscribers", "moderators", "allow", "deny")


def spelled(name):
    """An option's name as the API has it: one_click, oneClick."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def main():
    """Runs the module."""
    options = dict((name, dict(type="str")) for name in TEXTS)
    options[REWRITE] = dict(type="str", choices=["auto", "always", "never"])
    options.update((name, dict(type="bool")) for name in TRUTHS)
    options.update((name, dict(type="list", elements="str")) for name in SETS)
    module = AnsibleModule(
        argument_spec=arguments(
            address=dict(type="str", required=True),
            state=dict(type="str", choices=["present", "absent"], default="present"),
            exact=dict(type="bool", default=False),
            force=dict(type="bool", default=False),
            **options
        ),
        supports_check_mode=True,
    )
    params = module.params
    api = Api(module)
    where = path("lists", params["address"])
    if params["state"] == "absent":
        before = api.get(where)
        gone = ["remove list " + params["address"]] if before else []
        if before and not module.check_mode:
            gone = api.send("DELETE", where, query=forced(module))["differences"]
        finish(module, before or {}, {}, differences=gone)
    wish = wanted(params, dict((name, spelled(name)) for name in TEXTS + (REWRITE,) + TRUTHS + SETS))
    outcome(module, api, "PUT", where, wish, **(dict(exact="true") if params["exact"] else {}))


if __name__ == "__main__":
    main()
