package qrate.directory;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import qrate.core.Address;
import qrate.directory.Database.Tx;
import qrate.snapshots.Names;

/// An address in the directory, in its one spelling.
record Box(String local, String domain) {
    private static final int MARKS =
            1 << Character.NON_SPACING_MARK | 1 << Character.COMBINING_SPACING_MARK | 1 << Character.ENCLOSING_MARK;
    private static final String SPECIAL = "\"(),:;<>[\\]@|";

    static Optional<Box> of(String text) {
        Address address = Address.of(text);
        Optional<String> local = Names.alias(address.local());
        Optional<String> domain = Names.domain(address.domain());
        return local.isPresent() && domain.isPresent()
                ? Optional.of(new Box(local.get(), domain.get()))
                : Optional.empty();
    }

    /// Whether a mailbox may have the address, and not an alias alone.
    static boolean mailbox(String text) {
        return of(text).flatMap(box -> Names.local(box.local)).isPresent();
    }

    /// The local part of an address that is one.
    static String local(String address) {
        return address.substring(0, address.lastIndexOf('@'));
    }

    /// Where an alias may lead: an address here or anywhere, never a file or a program.
    static Optional<String> target(String text) {
        Address address = Address.of(text.startsWith("&") ? text.substring(1) : text);
        Optional<String> domain = Names.domain(address.domain());
        String local = Names.composed(address.local());
        boolean plain = !local.isEmpty()
                && local.getBytes(StandardCharsets.UTF_8).length <= Names.LOCAL_CHARS_MAX
                && local.codePoints().allMatch(Box::stands);
        return domain.isPresent() && plain ? Optional.of(local + "@" + domain.get()) : Optional.empty();
    }

    /// What may stand in an address without quotes: of what is not ASCII letters, digits and marks.
    private static boolean stands(int c) {
        return c < 0x80
                ? c > 0x20 && c < 0x7f && SPECIAL.indexOf(c) < 0
                : Character.isLetterOrDigit(c) || (MARKS >> Character.getType(c) & 1) != 0;
    }

    /// The same in the domain that its own is an alias of: one place says that for every door.
    Box real(Tx tx) throws SQLException {
        return new Box(local, Editor.real(tx, domain));
    }

    boolean exists(Tx tx) throws SQLException {
        return tx.count("SELECT COUNT(*) FROM mailboxes WHERE domain = ? AND box = ?", domain, local) > 0;
    }

    boolean hasAlias(Tx tx) throws SQLException {
        return tx.count("SELECT COUNT(*) FROM aliases WHERE domain = ? AND box = ?", domain, local) > 0;
    }

    @Override
    public String toString() {
        return local + "@" + domain;
    }
}
