package qrate.directory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Slice;
import qrate.directory.Database.Row;
import qrate.directory.Database.Tx;
import qrate.snapshots.Names;

/// What holds a text, in all domains or in one: of each kind the first few in order, and how many there are.
///
/// @param domains and other names of domains
/// @param mailboxes by address or by the name that people read
/// @param aliases by address or target; those by which mail reaches a list are not among them
/// @param lists their addresses, as {@link Domains#listAddresses} has them
public record Matches(
        Slice.Part<String> domains,
        Slice.Part<EditableDirectory.Mailbox> mailboxes,
        Slice.Part<EditableDirectory.Alias> aliases,
        Slice.Part<String> lists) {
    /// A line by which the door knows a list, and not an alias.
    private static final String OF_LIST = "target = 'postmaster@' || domain AND box LIKE '%-default'";

    /// A line of a list, either of both.
    private static final String FOR_LIST = "(" + OF_LIST + ") OR (target = 'postmaster@' || domain AND EXISTS (SELECT 1"
            + " FROM aliases l WHERE l.domain = a.domain AND l.box = a.box || '-default' AND l.target = a.target))";

    private static final List<String> BY_ADDRESS = List.of("domain", "box");

    /// Looks for a text, in small letters.
    ///
    /// @param within the only domain that is looked into, one that is no alias; all where there is none
    static Matches of(Tx tx, String text, Optional<String> within, int most) throws SQLException {
        String where = within.isPresent() ? "domain = ?" : "1 = 1";
        List<Object> values = within.<List<Object>>map(List::of).orElse(List.of());
        Slice slice = new Slice(real(tx, text), "", "", most);
        return new Matches(
                new Paged<>(
                                "name FROM domains",
                                within.isPresent() ? "? IN (name, alias_of)" : "1 = 1",
                                values,
                                List.of("name"),
                                "name",
                                r -> r.getString(1))
                        .of(tx, new Slice(ascii(text), "", "", most)),
                new Paged<>(
                                "domain, box, " + Property.COLUMNS + " FROM mailboxes",
                                where,
                                values,
                                BY_ADDRESS,
                                "LOWER(box || '@' || domain || ' ' || display_name)",
                                r -> new EditableDirectory.Mailbox(address(r), Property.read(r, 3)))
                        .of(tx, slice),
                aliases(
                                where + " AND NOT (" + FOR_LIST + ")",
                                values,
                                "LOWER(box || '@' || domain || ' ' || target)",
                                r -> new EditableDirectory.Alias(address(r), r.getString(3)))
                        .of(tx, slice),
                aliases(
                                where + " AND " + OF_LIST,
                                values,
                                "REPLACE(box, '-default', '') || '@' || domain",
                                r -> list(address(r)))
                        .of(tx, slice));
    }

    private static <T> Paged<T> aliases(String where, List<Object> values, String searched, Row<T> row) {
        return new Paged<>(
                "domain, box, target FROM aliases a", where, values, List.of("domain", "box", "target"), searched, row);
    }

    private static String address(ResultSet r) throws SQLException {
        return r.getString(2) + "@" + r.getString(1);
    }

    private static String list(String address) {
        int at = address.lastIndexOf('@');
        return address.substring(0, at - Rows.LIST.length()) + address.substring(at);
    }

    /// A whole name of a domain as the database spells it; any other text as it is.
    private static String ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80)
                ? text
                : Names.domain(text).orElse(text).toLowerCase(Locale.ROOT);
    }

    /// An address as the database has it: with the domain that its own is another name of.
    private static String real(Tx tx, String text) throws SQLException {
        Address address = Address.of(text);
        Optional<String> domain = text.contains("@") ? Names.domain(address.domain()) : Optional.empty();
        return domain.isEmpty() ? text : address.local() + "@" + Editor.real(tx, domain.get());
    }
}
