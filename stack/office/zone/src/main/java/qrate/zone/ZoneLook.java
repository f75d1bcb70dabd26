package qrate.zone;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import qrate.core.Control;
import qrate.dns.Dns;
import qrate.dns.DnsClient;
import qrate.signer.HeldKey;
import qrate.zone.RowSeen.State;
import qrate.zone.ZoneRow.Kind;
import qrate.zone.ZoneRow.Need;

/// Looks at a domain's rows in DNS, by two that know it independently of each other: what one remembers is not yet what
/// all see.
///
/// @param viewers the resolver that this system asks, and another one
/// @param policy asks for the policy on TLS where others do
public record ZoneLook(List<Viewer> viewers, StsFetch policy, InstantSource clock) {
    private static final int AT_ONCE = 16;
    private static final String RESOLVER = "the resolver";
    private static final String POLICY_SERVER = "the policy's server";

    /// One that is asked.
    ///
    /// @param name for people
    public record Viewer(String name, Dns dns) {}

    /// What one of them sees of a row.
    public record By(String viewer, RowSeen seen) {
        private Map<String, Object> json() {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("by", viewer);
            members.put("state", word(seen.state()));
            members.put("values", seen.values());
            members.put("note", seen.note());
            return members;
        }
    }

    /// A row, and how it stands.
    ///
    /// @param seen by whom, in the order in which they were asked
    /// @param todo what to do, or what is to be known, in a sentence; empty where all is well
    public record Looked(ZoneRow row, List<By> seen, State state, String todo) {
        public Looked {
            seen = List.copyOf(seen);
        }

        /// {@link ZoneRow#json} with `need`, `state`, `seen` and `todo`.
        public Map<String, Object> json() {
            Map<String, Object> members = new LinkedHashMap<>(row.json());
            members.put("need", ZoneLook.word(row.kind().need()));
            members.put("state", ZoneLook.word(state));
            members.put("seen", seen.stream().map(By::json).toList());
            members.put("todo", todo);
            return members;
        }

        /// The state in a word or two.
        public String word() {
            return ZoneLook.word(state);
        }
    }

    public ZoneLook {
        viewers = List.copyOf(viewers);
    }

    /// As an environment and `control/dnscheck` name those who are asked: with `QRATE_DNS_ONLY=yes` the resolver alone,
    /// where nothing else can be reached.
    ///
    /// @throws IOException when the control file makes no sense
    public static ZoneLook of(Map<String, String> environment, Control control, InstantSource clock)
            throws IOException {
        Dns resolver = DnsClient.forgetful(environment);
        return environment.getOrDefault("QRATE_DNS_ONLY", "").equals("yes")
                ? new ZoneLook(List.of(new Viewer(RESOLVER, resolver)), StsFetch.none(), clock)
                : of(resolver, second(control), StsFetch.byHttps(), clock);
    }

    /// @param resolver that this system asks
    /// @param second another one, as {@link #second} has it; without one each zone's own name servers are asked
    public static ZoneLook of(Dns resolver, Optional<InetSocketAddress> second, StsFetch policy, InstantSource clock) {
        Viewer other = second.map(server -> new Viewer(
                        server.getAddress() == null
                                ? server.getHostString()
                                : server.getAddress().getHostAddress(),
                        DnsClient.forgetful(List.of(server))))
                .orElseGet(() -> new Viewer("the zone's own name servers", new OwnServers(resolver)));
        return new ZoneLook(List.of(new Viewer(RESOLVER, resolver), other), policy, clock);
    }

    /// The second resolver that `control/dnscheck` names.
    ///
    /// @throws IOException when it makes no sense
    public static Optional<InetSocketAddress> second(Control control) throws IOException {
        Optional<String> named = control.line("dnscheck");
        try {
            return named.map(DnsClient::server);
        } catch (IllegalArgumentException e) {
            throw new IOException("control/dnscheck: neither ADDRESS nor ADDRESS:PORT", e);
        }
    }

    private static String word(Enum<?> of) {
        return of.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// Whether mail of and for the domain has all it needs, as everybody asked says.
    public static boolean ready(List<Looked> rows) {
        Set<Kind> open = EnumSet.allOf(Kind.class);
        open.removeIf(kind -> kind.need() != Need.REQUIRED);
        for (Looked one : rows) {
            open.remove(one.row().kind());
            if (one.row().kind().need() == Need.REQUIRED && one.state() != State.RIGHT) {
                return false;
            }
        }
        return open.isEmpty();
    }

    /// Looks at each row; ends within a minute or two. What was found until an interrupt.
    ///
    /// @param parts what the rows were made of
    public List<Looked> look(DomainRows domain, Ours ours, DomainRows.Parts parts) {
        List<HeldKey> keys = parts.keys();
        List<Looked> all = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<List<Future<By>>> asked = new ArrayList<>();
            for (ZoneRow row : domain.rows()) {
                List<Future<By>> of = new ArrayList<>();
                for (Viewer viewer : viewers) {
                    RowJudge judge = new RowJudge(viewer.dns(), ours, keys, clock);
                    of.add(threads.submit(() -> new By(viewer.name(), judge.look(row))));
                }
                if (row.kind() == Kind.STS) {
                    Callable<By> fetch = () -> new By(
                            POLICY_SERVER,
                            policy.look(domain.domain(), parts.sts().orElseThrow()));
                    of.add(threads.submit(fetch));
                }
                asked.add(of);
            }
            for (int i = 0; i < asked.size(); i++) {
                List<By> seen = new ArrayList<>();
                for (Future<By> each : asked.get(i)) {
                    seen.add(each.get());
                }
                all.add(looked(domain.rows().get(i), seen));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return all;
    }

    static Looked looked(ZoneRow row, List<By> seen) {
        Optional<RowSeen> unserved = seen.stream()
                .filter(by -> by.viewer().equals(POLICY_SERVER) && by.seen().state() == State.WRONG)
                .map(By::seen)
                .findFirst();
        if (unserved.isPresent()) {
            String todo = unserved.get().note() + ": serve the policy before its record (qrate man dns)";
            return new Looked(row, seen, State.WRONG, todo);
        }
        State state = state(seen);
        return new Looked(row, seen, state, todo(row, seen, state));
    }

    private static State state(List<By> seen) {
        Set<State> states = EnumSet.noneOf(State.class);
        seen.forEach(by -> states.add(by.seen().state()));
        if (states.size() > 1) {
            states.remove(State.NOT_NEEDED); // one of them cannot tell: an own name server vouches for nothing
        }
        if (states.size() == 1) {
            return states.iterator().next();
        }
        if (states.contains(State.RIGHT) && (states.contains(State.WRONG) || states.contains(State.MISSING))) {
            return State.DIFFERS;
        }
        return states.contains(State.WRONG)
                ? State.WRONG
                : states.contains(State.UNKNOWN) ? State.UNKNOWN : State.MISSING;
    }

    private static String todo(ZoneRow row, List<By> seen, State state) {
        String set = row.where()
                .map(where -> "ask " + where + " to set it to " + String.join(", ", row.values()))
                .orElse("publish " + row.name() + " " + row.type() + " " + String.join(", ", row.values()));
        return switch (state) {
            case RIGHT -> "";
            case NOT_NEEDED -> first(seen, State.NOT_NEEDED);
            case MISSING -> set;
            case WRONG -> {
                String note = first(seen, State.WRONG);
                yield note.isEmpty() ? "replace what is there: " + set : note + ": " + set;
            }
            case DIFFERS -> {
                String who = seen.stream()
                        .filter(by -> by.seen().state() != State.RIGHT)
                        .findFirst()
                        .map(by -> by.viewer()
                                + (by.seen().note().isEmpty()
                                        ? " does not see it"
                                        : ": " + by.seen().note()))
                        .orElse("");
                yield who + ": wait until what was there before has run out, then look again";
            }
            case UNKNOWN -> {
                By who = seen.stream()
                        .filter(by -> by.seen().state() == State.UNKNOWN)
                        .findFirst()
                        .orElseThrow();
                yield who.viewer() + " could not tell: " + who.seen().note() + ": try again";
            }
        };
    }

    private static String first(List<By> seen, State state) {
        return seen.stream()
                .filter(by -> by.seen().state() == state)
                .map(by -> by.seen().note())
                .filter(note -> !note.isEmpty())
                .findFirst()
                .orElse("");
    }
}
