package qrate.snapshots;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Getopt;
import qrate.core.Program;
import qrate.core.State;

/// `qmail-pw2u [-/ohHuUC] [-cchar]`: makes users/assign of a passwd file (qmail-pw2u(8)).
public final class QmailPw2u implements Program {
    private static final int USAGE = 100;
    private static final int TROUBLE = 111;
    private static final Getopt KNOWN = Getopt.of("/ohHuUCc:");

    private final Passwd.Owners owners;

    QmailPw2u(Passwd.Owners owners) {
        this.owners = owners;
    }

    /// On the homes of this system.
    public static QmailPw2u program() {
        return new QmailPw2u(Passwd.Owners.real());
    }

    /// What is done about homes.
    private enum Home {
        /// a user without one of his own is skipped
        SKIP,
        /// one that is missing ends the work
        STOP,
        /// they are not looked at
        ANY
    }

    /// @param dash what stands between `.qmail` and the extension
    /// @param delimiter between user and extension, or empty
    private record Options(Home home, boolean upper, String dash, String delimiter) {}

    /// What users/ says beside the passwd file.
    ///
    /// @param include users that are allowed; empty when the file is missing and all are
    private record Rules(Optional<Set<String>> include, Set<String> exclude, Map<String, String> mailnames) {}

    private static final class Fatal extends IOException {
        private static final long serialVersionUID = 1L;

        Fatal(String why) {
            super(why);
        }
    }

    /// @return 0, 100 for a wrong call, 111 when something is missing or cannot be read
    @Override
    public int run(List<String> arguments, Stdio stdio) {
        Optional<Options> options = options(arguments);
        if (options.isEmpty()) {
            stdio.err().println("qmail-pw2u: usage: qmail-pw2u [ -/ohHuUC ] [ -cchar ]");
            return USAGE;
        }
        try {
            Path users = State.of(stdio.environment()).users();
            String passwd = new String(stdio.in().readAllBytes(), ISO_8859_1);
            String text = new Work(options.get(), rules(users), owners).assignments(passwd, users);
            print(text, stdio.out());
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            stdio.err().println("qmail-pw2u: fatal: " + qrate.core.Log.escape(String.valueOf(e.getMessage())));
            return TROUBLE;
        }
    }

    private static void print(String text, PrintStream out) throws IOException {
        byte[] bytes = text.getBytes(ISO_8859_1);
        out.write(bytes, 0, bytes.length);
        if (out.checkError()) {
            throw new Fatal("unable to write output");
        }
    }

    private static Optional<Options> options(List<String> arguments) {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return Optional.empty();
        }
        if (!given.operands().isEmpty() || given.all("c").contains("")) {
            return Optional.empty();
        }
        Home home = Home.SKIP;
        boolean upper = false;
        String delimiter = "-";
        for (Getopt.Option option : given.options()) {
            switch (option.name()) {
                case "o" -> home = Home.SKIP;
                case "h" -> home = Home.STOP;
                case "H" -> home = Home.ANY;
                case "u", "U" -> upper = option.name().equals("u");
                case "c" -> delimiter = option.value().substring(0, 1);
                case "C" -> delimiter = "";
                default -> {
                    // the slash, for which no other letter makes up
                }
            }
        }
        return Optional.of(new Options(home, upper, given.has("/") ? "-/" : "-", delimiter));
    }

    private static Rules rules(Path users) throws IOException {
        Map<String, String> mailnames = new HashMap<>();
        for (String line : lines(users.resolve("mailnames")).orElse(List.of())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                mailnames.put(lower(line.substring(0, colon)), line.substring(colon + 1)); // the last counts
            }
        }
        return new Rules(
                lines(users.resolve("include")).map(QmailPw2u::names),
                names(lines(users.resolve("exclude")).orElse(List.of())),
                mailnames);
    }

    private static Set<String> names(List<String> lines) {
        Set<String> names = new HashSet<>();
        lines.forEach(line -> names.add(lower(line)));
        return names;
    }

    /// Lines as control files have them; empty when the file is missing.
    private static Optional<List<String>> lines(Path file) throws IOException {
        return read(file)
                .map(text -> text.lines()
                        .map(String::stripTrailing)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList());
    }

    private static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(new String(Files.readAllBytes(file), ISO_8859_1));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// One run.
    private static final class Work {
        private final Options options;
        private final Rules rules;
        private final Passwd.Owners owners;
        private final Map<String, Passwd.Entry> accounts = new HashMap<>();
        private final StringBuilder out = new StringBuilder();

        Work(Options options, Rules rules, Passwd.Owners owners) {
            this.options = options;
            this.rules = rules;
            this.owners = owners;
        }

        String assignments(String passwd, Path users) throws IOException {
            for (String line : passwd.split("\n", -1)) {
                Optional<Passwd.Entry> account = Passwd.parse(line);
                if (account.isPresent() && isUser(account.get())) {
                    add(account.get());
                }
            }
            if (!accounts.containsKey("alias")) {
                throw new Fatal("unable to find alias user");
            }
            for (String line : read(users.resolve("subusers")).orElse("").split("\n", -1)) {
                subuser(line.split(":", 4));
            }
            read(users.resolve("append")).ifPresent(out::append);
            return out + ".\n";
        }

        private boolean isUser(Passwd.Entry account) throws IOException {
            String name = account.name();
            boolean named = (options.upper || name.chars().noneMatch(c -> c >= 'A' && c <= 'Z'))
                    && (rules.include.isEmpty() || rules.include.get().contains(lower(name)))
                    && !rules.exclude.contains(lower(name));
            if (!named || account.root()) {
                return false;
            }
            if (options.home == Home.ANY) {
                return true;
            }
            Optional<Boolean> owns;
            try {
                owns = account.ownsHome(owners);
            } catch (IOException e) {
                throw new Fatal("unable to stat home directory " + account.home() + ": " + e);
            }
            if (owns.isEmpty() && options.home == Home.STOP) {
                throw new Fatal("home directory " + account.home() + " does not exist");
            }
            return owns.orElse(false);
        }

        private void add(Passwd.Entry account) {
            accounts.put(lower(account.name()), account);
            if (account.name().equals("alias")) {
                line('+', "", account, options.dash, "");
            }
            for (String name : rules.mailnames
                    .getOrDefault(lower(account.name()), account.name())
                    .split(":", -1)) {
                if (!name.isEmpty()) {
                    line('=', name, account, "", "");
                    if (!options.delimiter.isEmpty()) {
                        line('+', name + options.delimiter, account, options.dash, "");
                    }
                }
            }
        }

        private void subuser(String[] fields) throws Fatal {
            if (fields.length < 4) {
                return;
            }
            Passwd.Entry account = accounts.get(lower(fields[1]));
            if (account == null) {
                throw new Fatal("unable to find " + fields[1] + " user for subuser");
            }
            line('=', fields[0], account, options.dash, fields[2]);
            if (!options.delimiter.isEmpty()) {
                line('+', fields[0] + options.delimiter, account, options.dash, fields[2] + "-");
            }
        }

        private void line(char kind, String local, Passwd.Entry account, String dash, String ext) {
            out.append(kind)
                    .append(String.join(
                            ":", local, account.name(), account.uid(), account.gid(), account.home(), dash, ext))
                    .append(":\n");
        }
    }
}
