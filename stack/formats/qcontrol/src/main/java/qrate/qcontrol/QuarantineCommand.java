package qrate.qcontrol;

import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import qrate.authres.PlainWords;
import qrate.core.Control;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.language.Language;
import qrate.qcontrol.Quarantine.Kept;

/// `quarantine list|show|release|delete`: what filters had put aside, why, and its end (quarantine(8)).
///
/// Exits with 0 when every message meant was there, 1 when one was not, 100 for a wrong call, and 111 when qmail-send
/// does not answer.
public final class QuarantineCommand implements Program {
    static final String USAGE = """
            usage: quarantine list [--json] [--for WHOM]               one line a message, the newest first
                   quarantine show [--json] [--for WHOM] ID...         who wrote it, and what was found out about it
                   quarantine release [--for WHOM] ID...               delivers it
                   quarantine delete [--force] [--for WHOM] ID...      ends it, and tells nobody; at a terminal it asks
            WHOM: an address, or @DOMAIN; without it all its recipients
            """;

    private static final Getopt KNOWN = Getopt.anywhere("", "json", "force", "help", "for:");
    private static final int NOT_THERE = 1;
    private static final int USAGE_ERROR = 100;
    private static final int TEMPORARY = 111;

    private final InstantSource clock;

    public QuarantineCommand(InstantSource clock) {
        this.clock = clock;
    }

    /// A call that cannot be answered.
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        Wrong(String why) {
            super(why, null, false, false);
        }
    }

    /// What is asked for.
    ///
    /// @param host in whose name results count
    private record Asked(
            Getopt.Given given, Whose whose, List<Long> ids, Quarantine quarantine, String host, Stdio stdio) {}

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        try {
            Getopt.Given given = KNOWN.read(arguments);
            if (given.has("help") || given.operand(0).equals("help")) {
                stdio.out().print(USAGE);
                return 0;
            }
            State state = State.of(stdio.environment());
            QueueControl control = new QueueControlClient(state.run().resolve("send.sock"));
            String host = new Control(state.control(), clock).lineOrMe("me");
            return run(new Asked(given, whose(given), ids(given), control.quarantine(), host, stdio));
        } catch (Getopt.Misuse | Wrong e) {
            stdio.err().println("quarantine: " + Log.escape(e.getMessage()) + ": quarantine --help says how");
            return USAGE_ERROR;
        } catch (IOException e) {
            stdio.err().println("quarantine: fatal: " + Reasons.of(e));
            return TEMPORARY;
        }
    }

    private static Whose whose(Getopt.Given given) throws Wrong {
        Optional<String> whom = given.last("for");
        int at = whom.map(text -> text.lastIndexOf('@')).orElse(0);
        if (at < 0 || whom.filter("@"::equals).isPresent()) {
            throw new Wrong(whom.orElse("") + " is neither an address nor @DOMAIN");
        }
        return whom.map(text -> new Whose(List.of(Whose.plain(text)))).orElse(Whose.ALL);
    }

    private static List<Long> ids(Getopt.Given given) throws Wrong {
        List<Long> ids = new ArrayList<>();
        List<String> words = given.operands();
        for (String word : words.subList(Math.min(1, words.size()), words.size())) {
            if (!word.matches("[1-9][0-9]{0,17}")) {
                throw new Wrong(word + " is no number of a message");
            }
            ids.add(Long.parseLong(word));
        }
        return ids;
    }

    private static int run(Asked asked) throws IOException, Wrong {
        String verb = asked.given.operand(0);
        if (!List.of("list", "show", "release", "delete").contains(verb)) {
            throw new Wrong(verb.isEmpty() ? "no command" : "no command " + verb);
        }
        if (verb.equals("list") != asked.ids.isEmpty()) {
            throw new Wrong(verb.equals("list") ? "list takes no numbers" : verb + " needs to know which messages");
        }
        return switch (verb) {
            case "list" -> list(asked);
            case "show" -> show(asked);
            case "release" -> act(asked, "released", asked.quarantine::letOut);
            default -> delete(asked);
        };
    }

    private static int list(Asked asked) throws IOException {
        PrintStream out = asked.stdio.out();
        if (asked.given.has("json")) {
            JsonWriter.Items items = new JsonWriter.Items(out);
            each(asked, kept -> items.add(json(asked, kept)));
            items.end();
        } else {
            each(asked, kept -> line(kept, out));
        }
        return 0;
    }

    private static void each(Asked asked, Consumer<Kept> show) throws IOException {
        long before = 0;
        do {
            Quarantine.Part part = asked.quarantine.list(asked.whose, Quarantine.LIST_MESSAGES_MAX, before);
            part.messages().forEach(show);
            before = part.next();
        } while (before != 0);
    }

    private static Map<String, Object> json(Asked asked, Kept kept) {
        Map<String, Object> shape = new LinkedHashMap<>(kept.json());
        shape.put("found", PlainWords.of(kept.results(), asked.host, Language.ENGLISH));
        return shape;
    }

    private static void line(Kept kept, PrintStream out) {
        out.println(kept.id() + "  " + kept.since().truncatedTo(ChronoUnit.SECONDS) + "  until " + until(kept) + "  "
                + kept.size() + " bytes  <"
                + Log.escape(kept.sender()) + ">  to " + Log.escape(String.join(", ", kept.recipients())) + "  "
                + Log.escape(kept.about().subject()));
    }

    private static String until(Kept kept) {
        return kept.stay()
                .until()
                .map(end -> end.truncatedTo(ChronoUnit.SECONDS).toString())
                .orElse("somebody decides");
    }

    private static int show(Asked asked) throws IOException {
        PrintStream out = asked.stdio.out();
        List<Map<String, Object>> shapes = new ArrayList<>();
        int code = 0;
        for (long id : asked.ids) {
            Optional<Kept> found = asked.quarantine.one(asked.whose, id);
            if (found.isEmpty()) {
                code = missing(asked, id);
            } else if (asked.given.has("json")) {
                shapes.add(json(asked, found.get()));
            } else {
                line(found.get(), out);
                out.println("    From: " + Log.escape(found.get().about().from()));
                out.println("    Put aside: " + Log.escape(found.get().why()));
                PlainWords.of(found.get().results(), asked.host, Language.ENGLISH)
                        .forEach(said -> out.println("    " + Log.escape(said)));
            }
        }
        if (asked.given.has("json")) {
            JsonWriter.Items items = new JsonWriter.Items(out);
            shapes.forEach(items::add);
            items.end();
        }
        return code;
    }

    private static int missing(Asked asked, long id) {
        asked.stdio.err().println("quarantine: no message " + id + " is in quarantine for whom was named");
        return NOT_THERE;
    }

    private static int delete(Asked asked) throws IOException {
        if (!asked.given.has("force") && asked.stdio.isTerminal()) {
            boolean any = false;
            for (long id : asked.ids) {
                Optional<Kept> found = asked.quarantine.one(asked.whose, id);
                found.ifPresent(kept -> line(kept, asked.stdio.err()));
                any |= found.isPresent();
            }
            if (!any || !asked.stdio.agrees("Delete them, and tell nobody?")) {
                asked.stdio.err().println("quarantine: nothing is done");
                return NOT_THERE;
            }
        }
        return act(asked, "deleted", asked.quarantine::delete);
    }

    @FunctionalInterface
    private interface Act {
        boolean on(Whose whose, long id) throws IOException;
    }

    private static int act(Asked asked, String word, Act act) throws IOException {
        int code = 0;
        for (long id : asked.ids) {
            if (act.on(asked.whose, id)) {
                asked.stdio.out().println(id + " is " + word);
            } else {
                code = missing(asked, id);
            }
        }
        return code;
    }
}
