package qrate.lists;

import java.util.Map;
import java.util.TreeMap;

/// What `ezmlm-make` writes into `text/`, for the owner to change; a file that is missing means this too.
///
/// Tags: `<#l#>` and `<#h#>` the list, `<#A#>` the address it is about, `<#F#>` the same folded, `<#R#>` where to
/// reply.
final class Texts {
    static final Map<String, String> DEFAULTS = new TreeMap<>(Map.ofEntries(
            Map.entry("top", "Hello. This is the program that keeps the list <#l#>@<#h#>.\n\n"),
            Map.entry("bottom", """

                    --
                    Commands are empty messages to these addresses:
                      <#l#>-help@<#h#>
                      <#l#>-subscribe@<#h#>
                      <#l#>-unsubscribe@<#h#>
                      <#l#>-get.1@<#h#>                 message 1 of the archive; get.1_10: ten of them
                      <#l#>-subscribe-ann=example.org@<#h#>   for an address other than the one you write from
                    A person reads <#l#>-owner@<#h#>.
                    """),
            Map.entry("complaint", """
                    A mailbox provider reports that <#A#> called a message of this list unwanted.
                    The address has been taken off the list; nothing was written to it.
                    """),
            Map.entry("help", "These are the commands that the list knows.\n"),
            Map.entry("info", "There is no description of this list yet.\n"),
            Map.entry("faq", "There are no frequent questions yet.\n"),
            Map.entry("sub-confirm", """
                    Somebody, probably you, asked to add <#A#> to this list.
                    If that is right, reply to this message, to

                      <#R#>

                    within eleven days. If not, do nothing.
                    """),
            Map.entry("sub-ok", """
                    <#A#> is on the list now. To leave it, write to

                      <#l#>-unsubscribe-<#F#>@<#h#>
                    """),
            Map.entry("sub-nop", "<#A#> was on the list already.\n"),
            Map.entry("sub-bad", "That confirmation is wrong or too old. Subscribe again for a new one.\n"),
            Map.entry("unsub-confirm", """
                    Somebody, probably you, asked to take <#A#> off this list.
                    If that is right, reply to this message, to

                      <#R#>

                    within eleven days. If not, do nothing.
                    If you are on the list by another address, look at the Return-Path of a message from it.
                    """),
            Map.entry("unsub-ok", "<#A#> is off the list now.\n"),
            Map.entry("unsub-nop", "<#A#> was not on the list.\n"),
            Map.entry("unsub-bad", "That confirmation is wrong or too old. Unsubscribe again for a new one.\n"),
            Map.entry("get-bad", "There is no such message in the archive, or it is not for you.\n"),
            Map.entry("mod-sub-confirm", """
                    <#A#> asks to be on this list. To agree, reply to this message, to

                      <#R#>

                    Else do nothing.
                    """),
            Map.entry("mod-wait", "A moderator of the list has been asked to agree.\n"),
            Map.entry("mod-request", """
                    The message below waits to go out to the list. To let it, reply to this message, to

                      <#R#>

                    To refuse it, write to the same address with "reject" in place of "accept". Lines between two lines
                    of %%% go back to the sender as your reason.
                    """),
            Map.entry("mod-reject", "A moderator decided that your message does not go out to this list.\n"),
            Map.entry("mod-timeout", "No moderator answered in time, so that your message did not go out.\n"),
            Map.entry("bounce-warn", """
                    Messages to you from this list came back: a copy of one such answer is below. If this message
                    comes back too, you get one more, and if that does as well, your address is taken off the list.
                    """),
            Map.entry("bounce-num", "You can get what you missed from the archive, by these numbers:\n"),
            Map.entry("bounce-probe", """
                    Messages to you from this list came back, and so did a warning about them.
                    If this message comes back too, your address is taken off the list without another word.
                    """)));

    private Texts() {}
}
