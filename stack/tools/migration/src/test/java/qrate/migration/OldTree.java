package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import qrate.cdb.CdbWriter;

/// A qmail and vpopmail installation as one finds it, made by code: `qmail/` and `vpopmail/`.
final class OldTree {
    /// `secret`, as crypt(3) writes it with MD5.
    static final String MD5 = "$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1";

    private static final long SOME_TIME = 1_600_000_000_000L;
    private static final String HOME = "/home/vpopmail";

    private final Path root;

    OldTree(Path root) {
        this.root = root;
    }

    Path qmail() {
        return root.resolve("qmail");
    }

    Path vpopmail() {
        return root.resolve("vpopmail");
    }

    Path file(String name, String text) throws IOException {
        return file(name, text.getBytes(UTF_8));
    }

    Path file(String name, byte[] content) throws IOException {
        Path path = root.resolve(name);
        Files.createDirectories(path.getParent());
        Files.write(path, content);
        Files.setLastModifiedTime(path, FileTime.fromMillis(SOME_TIME));
        return path;
    }

    /// What any installation has: two domains, one hashed and with another name, and no trouble.
    OldTree usual() throws IOException {
        file("qmail/control/me", "mx.old.test\n");
        file("qmail/control/databytes", "10000000\n");
        file("qmail/control/locals", "localhost\nmx.old.test\n");
        file("qmail/control/rcpthosts", "localhost\nmx.old.test\nold.test\nbig.test\nsecond.test\nbackup.test\n");
        file("qmail/control/virtualdomains", "old.test:old.test\nbig.test:big.test\nsecond.test:second.test\n");
        file("qmail/control/smtproutes", "slow.test:relay.old.test:26\n");
        assign("""
                +old.test-:old.test:89:89:%1$s/domains/old.test:-::
                +big.test-:big.test:89:89:%1$s/domains/0/big.test:-::
                +second.test-:big.test:89:89:%1$s/domains/0/big.test:-::
                .
                """);
        file("qmail/alias/.qmail-postmaster", "&ann@old.test\n");
        users("domains/old.test", "ann", "bob", "postmaster");
        file(
                "vpopmail/domains/old.test/vpasswd",
                line("ann", "domains/old.test", "0", "1000000S,100C")
                        + line("bob", "domains/old.test", "2050", "NOQUOTA")
                        + line("postmaster", "domains/old.test", "0", "NOQUOTA"));
        file("vpopmail/domains/old.test/.qmail-default", "| " + HOME + "/bin/vdelivermail '' bounce-no-mailbox\n");
        file("vpopmail/domains/old.test/.qmail-sales", "&ann@old.test\n" + HOME + "/domains/old.test/bob/Maildir/\n");
        file("vpopmail/domains/old.test/.qmail-box", "./Mailbox\n");
        file("vpopmail/domains/old.test/.qmail-jo:doe", "&jo@far.test\n");
        file("vpopmail/domains/old.test/bob/.qmail", "&bob@far.test\n");
        letter("old.test/ann", "new", "1600000001.100.old,S=30", "one");
        letter("old.test/ann", "cur", "1600000002.101.old,S=30:2,RS", "two");
        letter("old.test/ann/Maildir/.Sent", "cur", "1600000003.102.old:2,S", "three");
        file("vpopmail/domains/old.test/ann/Maildir/maildirsize", "1000000S\n60 2\n");
        file("vpopmail/domains/old.test/ann/Maildir/tmp/1600000004.103.old", "half");
        users("domains/0/big.test", "postmaster", "cid");
        CdbWriter cdb = new CdbWriter();
        for (String user : new String[] {"postmaster", "cid"}) {
            String all = line(user, "domains/0/big.test", "0", "NOQUOTA").strip();
            cdb.put(user.getBytes(UTF_8), all.substring(user.length() + 1).getBytes(UTF_8));
        }
        file("vpopmail/domains/0/big.test/vpasswd.cdb", cdb.toBytes());
        file("vpopmail/domains/0/big.test/.qmail-default", "| " + HOME + "/bin/vdelivermail '' cid@big.test\n");
        letter("0/big.test/cid", "cur", "1600000005.104.old:2,", "four");
        return this;
    }

    OldTree assign(String text) throws IOException {
        file("qmail/users/assign", String.format(text, HOME));
        return this;
    }

    /// A line of vpasswd, the password in clear behind it.
    static String line(String user, String domain, String flags, String quota) {
        return user + ":" + MD5 + ":1:" + flags + ":" + user + ":" + HOME + "/" + domain + "/" + user + ":" + quota
                + ":secret\n";
    }

    private void users(String domain, String... users) throws IOException {
        for (String user : users) {
            for (String part : new String[] {"cur", "new", "tmp"}) {
                Files.createDirectories(vpopmail()
                        .resolve(domain)
                        .resolve(user)
                        .resolve("Maildir")
                        .resolve(part));
            }
        }
    }

    /// A message of a user's Maildir, or of a folder of it.
    Path letter(String home, String part, String name, String text) throws IOException {
        String maildir = home.contains("/Maildir") ? home : home + "/Maildir";
        return file("vpopmail/domains/" + maildir + "/" + part + "/" + name, "Subject: " + text + "\n\n" + text + "\n");
    }

    /// A list as ezmlm-make and vpopmail's administrators make it: links in full, commands in full, a closed archive.
    OldTree list(String domain, String name) throws IOException {
        String in = "domains/" + domain + "/" + name;
        String full = HOME + "/" + in;
        plainList(domain, name, "");
        Files.delete(vpopmail().resolve("domains/" + domain + "/.qmail-" + name));
        file(
                "vpopmail/" + in + "/editor",
                "|/usr/bin/ezmlm/ezmlm-reject '" + full + "'\n|/usr/bin/ezmlm/ezmlm-send '" + full
                        + "'\n|/usr/bin/ezmlm/ezmlm-warn '" + full + "' || exit 0\n");
        file("vpopmail/" + in + "/manager", "|/usr/bin/ezmlm/ezmlm-manage '" + full + "'\n");
        file("vpopmail/" + in + "/owner", "boss@old.test\n|/usr/bin/ezmlm/ezmlm-warn '" + full + "' || exit 0\n");
        for (String[] link : new String[][] {{"", "editor"}, {"-default", "manager"}, {"-owner", "owner"}}) {
            Files.createSymbolicLink(
                    vpopmail().resolve("domains/" + domain + "/.qmail-" + name + link[0]),
                    Path.of(full + "/" + link[1]));
        }
        for (String mark : new String[] {"archived", "public", "modsub", "indexed"}) {
            file("vpopmail/" + in + "/" + mark, "");
        }
        file("vpopmail/" + in + "/subscribers/A", "Tann@old.test\0");
        file("vpopmail/" + in + "/subscribers/t", "TEve@Far.test\0");
        file("vpopmail/" + in + "/subscribers/tmp.1234", "Thalf@far.test\0");
        file("vpopmail/" + in + "/mod/subscribers/C", "Tboss@old.test\0");
        file("vpopmail/" + in + "/allow/subscribers/C", "Teve@work.test\0");
        file("vpopmail/" + in + "/prefix", "[The Team]\n");
        file("vpopmail/" + in + "/headeradd", "Precedence: bulk\nList-Post: <mailto:x@y>\nX-Team: yes\n");
        file("vpopmail/" + in + "/text/info", "What it is about.\n");
        file("vpopmail/" + in + "/text/sub-confirm", "Reply to\n!R\nfor\n!A\n");
        file("vpopmail/" + in + "/num", "102:33\n");
        file("vpopmail/" + in + "/archive/0/01", "Subject: post 1\n\nold\n");
        file("vpopmail/" + in + "/archive/0/index", "1: abc post 1\n");
        file("vpopmail/" + in + "/archive/1/02", "Subject: post 102\n\nold\n");
        return this;
    }

    /// A list with nothing but one subscriber.
    ///
    /// @param editor what its main `.qmail` file says
    void plainList(String domain, String name, String editor) throws IOException {
        String in = "vpopmail/domains/" + domain + "/";
        file(in + ".qmail-" + name, editor);
        file(in + name + "/editor", editor);
        file(in + name + "/subscribers/A", "Tmember@far.test\0");
    }

    /// A list of alias that does not say whose.
    void plainAliasList(String name) throws IOException {
        file("qmail/alias/.qmail-" + name, "|ezmlm-send " + name + "\n");
        file("qmail/alias/" + name + "/subscribers/A", "Tmember@far.test\0");
    }

    /// A message of the queue that qmail-send has looked at.
    ///
    /// @param local records, NUL for `|`
    /// @param remote records, NUL for `|`
    OldTree queued(int number, String sender, String local, String remote) throws IOException {
        String at = number % 23 + "/" + number;
        file("qmail/queue/mess/" + at, "Received: (qmail 17 by uid 0)\nSubject: queued " + number + "\n\nhello\n");
        file("qmail/queue/info/" + at, "F" + sender + "\0");
        if (!local.isEmpty()) {
            file("qmail/queue/local/" + at, local.replace('|', '\0'));
        }
        if (!remote.isEmpty()) {
            file("qmail/queue/remote/" + at, remote.replace('|', '\0'));
        }
        return this;
    }

    /// Every file and folder below, with size, time and a digest.
    static Map<String, String> digest(Path root) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path path : (Iterable<Path>) files::iterator) {
                String name = root.relativize(path).toString();
                boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
                all.put(name, file ? Files.getLastModifiedTime(path).toMillis() + " " + sum(path) : "folder");
            }
        }
        return all;
    }

    private static String sum(Path path) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
