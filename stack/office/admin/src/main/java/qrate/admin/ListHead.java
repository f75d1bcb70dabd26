package qrate.admin;

import java.io.IOException;
import java.util.List;
import qrate.lists.ListLook;
import qrate.lists.ListSet;

/// What stands above each page of a mailing list.
///
/// @param address of the list
/// @param path of its pages
/// @param domain that it is in
/// @param waiting how many posts wait for a moderator
/// @param tab which page this is, a word of {@link #TABS}
record ListHead(String address, String path, String domain, int waiting, String tab) {
    static final String WAITING = "waiting";
    static final String SETTINGS = "settings";
    static final String ARCHIVE = "archive";

    /// Pages of a list: its sets, by their words, and the others.
    static final List<String> TABS = List.of(
            ListSet.SUBSCRIBERS.word(),
            ListSet.MODERATORS.word(),
            WAITING,
            ARCHIVE,
            ListSet.ALLOW.word(),
            ListSet.DENY.word(),
            SETTINGS);

    static ListHead of(String address, ListLook look, String tab) throws IOException {
        return new ListHead(
                address,
                Pages.pathOf("lists", address),
                address.substring(address.lastIndexOf('@') + 1),
                look.waitingCount(),
                tab);
    }

    /// Where a tab leads.
    String link(String other) {
        return other.equals(ListSet.SUBSCRIBERS.word())
                ? path
                : ListSet.of(other).isPresent() ? path + "?set=" + other : path + "/" + other;
    }
}
