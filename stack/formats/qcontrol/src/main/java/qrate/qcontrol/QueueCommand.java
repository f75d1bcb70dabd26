package qrate.qcontrol;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControl.Line;
import qrate.qcontrol.QueueControl.Progress;

/// `queue list|show|retry|hold|release|bounce|delete`: looks at the queue and steers it while it runs.
///
/// Exits with 0 when every message meant was there, 1 when one was not or none fits, 100 for a wrong call, and 111
/// when qmail-send does not answer.
public final class QueueCommand implements Program {
    static final String USAGE = """
            usage: queue list [--json] [WHICH]                            one line a message
                   queue show [--json] WHICH                              each recipient, its state and reason
                   queue retry | hold | release | bounce | delete WHICH   what it says, to each of them; at a terminal
                                                                          bounce and delete ask, without --force
            WHICH: ID...  or all that fit  --sender ADDRESS ('<>' for bounces)  --recipient ADDRESS  --domain DOMAIN
                   --login USER  --older AGE  --newer AGE (90s 15m 2h 3d)  --held  --all
            """;

    /// What ends messages asks first, where somebody can be asked.
    private static final Set<String> ENDS = Set.of("bounce", "delete");

    private static final String FORCE = "force";

    private static final String JSON = "json";

    /// Options of a command beside those that say which messages.
    private static final Map<String, String[]> BESIDE = Map.of(
            "list", new String[] {JSON},
            "show", new String[] {JSON},
            "bounce", new String[] {FORCE},
            "delete", new String[] {FORCE});

    private static final int PAGE = 200;
    private static final int NOT_THERE = 1;
    private static final int USAGE_ERROR = 100;
    private static final int TEMPORARY = 111;

    private final InstantSource clock;

    public QueueCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        String verb = arguments.isEmpty() ? "" : arguments.getFirst();
        if (verb.equals("--help") || verb.equals("help")) {
            stdio.out().print(USAGE);
            return 0;
        }
        QueueControl control =
                new QueueControlClient(State.of(stdio.environment()).run().resolve("send.sock"));
        List<String> words = arguments.subList(Math.min(1, arguments.size()), arguments.size());
        try {
            Selection selection = Selection.read(words, now(), BESIDE.getOrDefault(verb, new String[0]));
            boolean asks = ENDS.contains(verb) && !selection.beside().contains(FORCE) && stdio.isTerminal();
            if (asks && !agreed(verb, selection, control, stdio)) {
                stdio.err().println("queue: nothing is done");
                return NOT_THERE;
            }
            return run(verb, selection, control, stdio);
        } catch (Selection.Unclear e) {
            stdio.err().println("queue: " + Log.escape(e.getMessage()) + ": queue --help says how");
            return USAGE_ERROR;
        } catch (IOException e) {
            stdio.err().println("queue: fatal: " + Reasons.of(e));
            return TEMPORARY;
        }
    }

    /// Names what would end, with whoever would not get it, and asks.
    private boolean agreed(String verb, Selection which, QueueControl control, Stdio stdio)
            throws IOException, Selection.Unclear {
        Set<Long> found = each(named(verb, which), control, item -> show(item, stdio.err()));
        String those = found.size() == 1 ? "this message" : "these " + found.size() + " messages";
        return !found.isEmpty()
                && stdio.agrees(
                        verb.equals("delete")
                                ? "Delete " + those + ", and tell nobody?"
                                : "Give up " + those + " and tell the sender?");
    }

    private Instant now() {
        return clock.instant();
    }

    private int run(String verb, Selection which, QueueControl control, Stdio stdio)
            throws IOException, Selection.Unclear {
        PrintStream out = stdio.out();
        return switch (verb) {
            case "list" -> look(which, control, item -> list(item, out), stdio);
            case "show" -> look(named(verb, which), control, item -> show(item, out), stdio);
            case "retry" -> act(verb, which, control, control::retry, stdio);
            case "hold" -> act(verb, which, control, id -> control.hold(id, true), stdio);
            case "release" -> act(verb, which, control, id -> control.hold(id, false), stdio);
            case "bounce" -> act(verb, which, control, control::bounce, stdio);
            case "delete" -> act(verb, which, control, control::drop, stdio);
            default -> throw new Selection.Unclear(verb.isEmpty() ? "no command" : "no command " + verb);
        };
    }

    /// What changes something is never meant for all by silence.
    private static Selection named(String verb, Selection which) throws Selection.Unclear {
        if (which.isBlank()) {
            throw new Selection.Unclear(verb + " needs to know which messages");
        }
        return which;
    }

    @FunctionalInterface
    private interface Action {
        boolean on(long id) throws IOException;
    }

    /// All ids are found before the first is acted on, since acting changes what fits.
    private int act(String verb, Selection which, QueueControl control, Action action, Stdio stdio)
            throws IOException, Selection.Unclear {
        Set<Long> ids = new HashSet<>(named(verb, which).ids());
        if (ids.isEmpty()) {
            ids = each(which, control, _ -> {});
        }
        int done = 0;
        for (long id : ids.stream().sorted().toList()) {
            if (action.on(id)) {
                done++;
            } else if (!which.ids().isEmpty()) {
                stdio.err().println("queue: no message " + id + " is in the queue");
            }
        }
        stdio.out().println(verb + ": " + done + (done == 1 ? " message" : " messages"));
        return done == 0 || (!which.ids().isEmpty() && done < ids.size()) ? NOT_THERE : 0;
    }

    private static int look(Selection which, QueueControl control, Consumer<Item> show, Stdio stdio)
            throws IOException {
        if (!which.beside().contains(JSON)) {
            return looked(which, each(which, control, show), stdio);
        }
        JsonWriter.Items items = new JsonWriter.Items(stdio.out());
        Set<Long> found = each(which, control, item -> items.add(item.json()));
        items.end();
        return looked(which, found, stdio);
    }

    private static int looked(Selection which, Set<Long> found, Stdio stdio) {
        which.ids().stream()
                .filter(id -> !found.contains(id))
                .sorted()
                .forEach(id -> stdio.err().println("queue: no message " + id + " is in the queue"));
        boolean all = found.containsAll(which.ids()) && (which.isBlank() || !found.isEmpty());
        return all ? 0 : NOT_THERE;
    }

    /// Shows each message that fits.
    ///
    /// @return their ids
    private static Set<Long> each(Selection which, QueueControl control, Consumer<Item> show) throws IOException {
        Set<Long> found = new HashSet<>();
        if (!which.ids().isEmpty()) {
            for (long id : which.ids().stream().sorted().toList()) {
                for (Item item : control.list(1, id - 1)) {
                    if (item.id() == id) {
                        found.add(id);
                        show.accept(item);
                    }
                }
            }
            return found;
        }
        List<Item> page = control.list(PAGE, 0);
        while (!page.isEmpty()) {
            for (Item item : page) {
                if (which.fits(item)) {
                    found.add(item.id());
                    show.accept(item);
                }
            }
            page = control.list(PAGE, page.getLast().id());
        }
        return found;
    }

    private void list(Item item, PrintStream out) {
        long owed = item.recipients().stream()
                .filter(line -> line.progress() == Progress.PENDING)
                .count();
        out.println(item.id() + "  " + time(item.birth()) + "  " + item.size() + " bytes  <" + Log.escape(item.sender())
                + ">  " + owed + " of " + item.recipients().size() + " owed  " + when(item));
    }

    private String when(Item item) {
        if (item.held()) {
            return item.why().isEmpty() ? "held" : "held: " + Log.escape(item.why());
        }
        return item.next().isAfter(now()) ? "next " + time(item.next()) : "now";
    }

    private void show(Item item, PrintStream out) {
        list(item, out);
        for (Line line : item.recipients()) {
            String state = switch (line.progress()) {
                case PENDING -> "owed";
                case DELIVERED -> "delivered";
                case REFUSED -> "refused";
            };
            out.println("  " + state + "  " + line.channel().word() + "  " + Log.escape(line.address()));
            line.why().lines().forEach(why -> out.println("      " + Log.escape(why)));
            line.advice(item.sender()).ifPresent(advice -> {
                out.println("      " + advice.meaningLine());
                out.println("      " + advice.actionLine());
            });
        }
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
