package qrate.snapshots;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import qrate.core.Program;

/// `qmail-getpw local`: says which account of the system controls an address (qmail-getpw(8)).
public final class QmailGetpw implements Program {
    /// Accounts with a name of this length or more are no users, in characters.
    static final int NAME_CHARS_MAX = 32;

    private static final int USAGE = 100;
    private static final int TROUBLE = 111;
    private static final int NO_ALIAS = 116;

    private final Path passwd;
    private final Passwd.Owners owners;

    QmailGetpw(Path passwd, Passwd.Owners owners) {
        this.passwd = passwd;
        this.owners = owners;
    }

    /// On the system's own accounts.
    // DEVIATION: reads the file, and asks no other source of accounts: Java has no getpwnam.
    public static QmailGetpw program() {
        return new QmailGetpw(Path.of("/etc/passwd"), Passwd.Owners.real());
    }

    /// @return 0; else nothing was printed: 100 for a wrong call, 111 in case of trouble, 116 without an alias user
    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (arguments.size() != 1) {
            return USAGE;
        }
        try {
            Optional<byte[]> found = find(new String(arguments.getFirst().getBytes(UTF_8), ISO_8859_1))
                    .map(Assigned::bytes);
            if (found.isEmpty()) {
                return NO_ALIAS;
            }
            stdio.out().write(found.get(), 0, found.get().length);
            return stdio.out().checkError() ? TROUBLE : 0;
        } catch (IOException | IllegalArgumentException _) {
            return TROUBLE; // it prints nothing: its exit code says it
        }
    }

    /// Whose a local part is.
    ///
    /// @param name, uid, gid, home of the account
    /// @param dash `-` where there is an extension
    public record Assigned(String name, String uid, String gid, String home, String dash, String ext) {
        private byte[] bytes() {
            return (String.join("\0", name, uid, gid, home, dash, ext) + "\0").getBytes(ISO_8859_1);
        }
    }

    /// Whose a local part is: the longest name that ends there or at a dash, of an account that is not root's and owns
    /// its home; else alias's.
    ///
    /// @param local each character a byte
    /// @return empty when it is nobody's and there is no alias
    public Optional<Assigned> find(String local) throws IOException {
        Map<String, Passwd.Entry> accounts = new String(Files.readAllBytes(passwd), ISO_8859_1)
                .lines()
                .flatMap(line -> Passwd.parse(line).stream())
                .collect(Collectors.toMap(Passwd.Entry::name, e -> e, (first, _) -> first));
        for (int end = local.length(); end > 0; end--) {
            boolean cut = end == local.length() || local.charAt(end) == '-';
            if (cut && end < NAME_CHARS_MAX) {
                Passwd.Entry account = accounts.get(local.substring(0, end).toLowerCase(Locale.ROOT));
                if (account != null
                        && !account.root()
                        && account.ownsHome(owners).orElse(false)) {
                    return Optional.of(
                            end == local.length()
                                    ? assigned(account, "", "")
                                    : assigned(account, "-", local.substring(end + 1)));
                }
            }
        }
        return Optional.ofNullable(accounts.get("alias")).map(alias -> assigned(alias, "-", local));
    }

    private static Assigned assigned(Passwd.Entry account, String dash, String ext) {
        return new Assigned(account.name(), account.uid(), account.gid(), account.home(), dash, ext);
    }
}
