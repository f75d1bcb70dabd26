package qrate.lists;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import qrate.core.Address;

/// One list: its folder and its name.
///
/// @param local local part of its address
/// @param host domain of its address
record MailingList(ListFolder folder, String local, String host, Cookies cookies) {
    /// Fewest bytes of a key.
    static final int KEY_BYTES_MIN = 16;

    /// Reads a list's name and key.
    ///
    /// @throws IOException when the folder is no list
    static MailingList open(ListFolder folder) throws IOException {
        String local = folder.line("outlocal").orElseThrow(() -> new IOException("outlocal: missing"));
        String host = folder.line("outhost").orElseThrow(() -> new IOException("outhost: missing"));
        if (Subscribers.address(local + "@" + host).isEmpty()) {
            throw new IOException("outlocal, outhost: no address");
        }
        byte[] key = folder.read("key").orElse(new byte[0]);
        if (key.length < KEY_BYTES_MIN) {
            throw new IOException("key: shorter than " + KEY_BYTES_MIN + " bytes");
        }
        return new MailingList(folder, local, host, new Cookies(key));
    }

    String address() {
        return local + "@" + host;
    }

    /// One of the list's own addresses: `local-WHAT@host`.
    String address(String what) {
        return local + "-" + what + "@" + host;
    }

    Subscribers subscribers() {
        return new Subscribers(folder, "");
    }

    Subscribers moderators() {
        return new Subscribers(folder, "mod/");
    }

    /// What it wrote of late.
    Answers answers() {
        return new Answers(folder);
    }

    boolean is(String flag) throws IOException {
        return folder.has(flag);
    }

    /// Where the list of an address of the directory is kept; empty for a name that is no folder's.
    static Optional<Path> folder(Path maildirs, String address) {
        Address split = Address.of(Subscribers.address(address).orElse(""));
        boolean plain = !split.domain().isEmpty()
                && split.local().indexOf('/') < 0
                && !split.local().startsWith(".")
                && !split.domain().startsWith(".");
        return plain
                ? Optional.of(
                        maildirs.resolve("domains").resolve(split.domain()).resolve(split.local()))
                : Optional.empty();
    }

    /// `ann@example.org` as part of a local part: `ann=example.org`.
    static String folded(String address) {
        Address split = Address.of(address);
        return split.local() + "=" + split.domain();
    }

    /// The address in `ann=example.org`; empty when there is none.
    static Optional<String> unfolded(String text) {
        int equals = text.lastIndexOf('=');
        return equals < 0
                ? Optional.empty()
                : Subscribers.address(text.substring(0, equals) + "@" + text.substring(equals + 1));
    }
}
