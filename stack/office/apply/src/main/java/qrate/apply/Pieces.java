package qrate.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import qrate.core.ControlChecks;
import qrate.core.ControlFile;
import qrate.core.State;
import qrate.directory.Change;
import qrate.directory.ControlFolder;
import qrate.directory.EditableDirectory;
import qrate.directory.Loss;
import qrate.directory.Refusal;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.lists.Lists;
import qrate.snapshots.SnapshotDirectory;

/// Mailing lists and control files one at a time, for programs that ask the admin service: what `apply` checks is
/// checked, and what it does is done, by the same code.
public final class Pieces {
    private static final String LISTS = "lists";

    /// Nobody's password is set here.
    private static final DeclarationReader READER = new DeclarationReader(0, _ -> "");

    private final State state;
    private final ReentrantLock lock = new ReentrantLock();

    public Pieces(State state) {
        this.state = state;
    }

    /// Whether something is done, or only said.
    public enum Mode {
        DO,
        LOOK
    }

    /// How a control file is asked for.
    ///
    /// @param host by somebody on this host, who may set what names programs to run
    public record Asked(boolean host, Mode mode) {}

    /// What came of it.
    public sealed interface Outcome {
        /// @param differences that are no more, or with {@link Mode#LOOK} would be no more; none holds a secret
        /// @param notes what has to be done by hand before they count
        record Done(List<String> differences, List<String> notes) implements Outcome {}

        /// What was done before it stands in the audit log.
        record Refused(Change.Refused why) implements Outcome {}

        /// A removal that somebody must agree to first.
        ///
        /// @param losses what would go with it
        record Asks(List<Loss> losses) implements Outcome {}
    }

    /// What a change is made of.
    @FunctionalInterface
    private interface Plan {
        List<PlannedChange> steps() throws IOException, BadFile;
    }

    private static Outcome refused(Refusal.Key key, Object... arguments) {
        return new Outcome.Refused(new Change.Refused(Refusal.of(key, arguments)));
    }

    private Outcome run(Plan plan, Mode mode) throws IOException {
        lock.lock();
        try {
            List<PlannedChange> steps = plan.steps();
            return mode == Mode.LOOK
                    ? new Outcome.Done(
                            texts(steps.stream()
                                    .flatMap(step -> step.lines().stream())
                                    .toList()),
                            List.of())
                    : doAll(steps);
        } catch (BadFile e) {
            return new Outcome.Refused(new Change.Refused(e.refusal()));
        } finally {
            lock.unlock();
        }
    }

    private static Outcome doAll(List<PlannedChange> steps) throws IOException {
        List<PlannedChange.Line> done = new ArrayList<>();
        for (PlannedChange step : steps) {
            List<Change> outcomes = step.deed().run();
            for (int i = 0; i < outcomes.size(); i++) {
                if (outcomes.get(i) instanceof Change.Refused why) {
                    return new Outcome.Refused(why);
                }
                done.add(step.lines().get(i));
            }
        }
        return new Outcome.Done(texts(done), Controls.notes(done));
    }

    private static List<String> texts(List<PlannedChange.Line> lines) {
        return lines.stream().map(PlannedChange.Line::text).toList();
    }

    private static Declared read(Map<String, Object> said) throws BadFile {
        return READER.read(Yaml.write(said).getBytes(UTF_8));
    }

    // --- control files -----------------------------------------------------------------------------------------------

    /// A control file.
    ///
    /// @param there whether it is
    /// @param secret whether it holds a password, and so is not shown
    public record File(
            String name, boolean value, boolean there, boolean secret, boolean settable, List<String> lines) {
        public File {
            lines = List.copyOf(lines);
        }
    }

    /// Every control file that holds text, there or not.
    public List<File> files(EditableDirectory directory) throws IOException {
        Map<String, Object> there = new Controls(new ControlFolder(state.control()), directory).export(false);
        List<File> all = new ArrayList<>();
        for (ControlFile file : ControlFile.values()) {
            if (ControlFolder.elsewhere(file).isEmpty()) {
                boolean is = there.containsKey(file.file());
                Object shown = there.get(file.file());
                List<String> lines = shown instanceof List<?> many
                        ? many.stream().map(String::valueOf).toList()
                        : shown == null ? List.of() : List.of(String.valueOf(shown));
                all.add(new File(
                        file.file(), file.isValue(), is, is && shown == null, !ControlChecks.runs(file), lines));
            }
        }
        return all;
    }

    /// @param host whether somebody on this host asks, who could write the file as well
    private static Optional<Outcome> notHere(String name, boolean host) {
        Optional<ControlFile> file = ControlFile.named(name);
        if (file.isEmpty()) {
            return Optional.of(refused(Refusal.Key.CONTROL_MISSING));
        }
        String made = ControlFolder.elsewhere(file.get());
        if (!made.isEmpty()) {
            return Optional.of(refused(Refusal.Key.CONTROL_ELSEWHERE, name, made));
        }
        return ControlChecks.runs(file.get()) && !host
                ? Optional.of(refused(Refusal.Key.CONTROL_RUNS, name))
                : Optional.empty();
    }

    /// Makes a control file what is said.
    ///
    /// @param lines one for a file of one value
    /// @param asked by whom, and whether it is done
    public Outcome set(EditableDirectory directory, String name, List<String> lines, Asked asked) throws IOException {
        Optional<Outcome> not = notHere(name, asked.host);
        return not.isPresent()
                ? not.get()
                : run(
                        () -> planner(directory, false)
                                .plan(read(
                                        Map.of("control", Map.of(name, lines.size() == 1 ? lines.getFirst() : lines)))),
                        asked.mode);
    }

    /// Removes a control file: what holds without it counts then.
    public Outcome removeFile(EditableDirectory directory, String name, Asked asked) throws IOException {
        Optional<Outcome> not = notHere(name, asked.host);
        return not.isPresent()
                ? not.get()
                : run(
                        () -> new Controls(new ControlFolder(state.control()), directory)
                                .removal(ControlFile.named(name).orElseThrow()),
                        asked.mode);
    }

    private Planner planner(EditableDirectory directory, boolean prune) {
        return new Planner(state, directory, new SnapshotDirectory(state, InstantSource.system()), 0, prune);
    }

    // --- mailing lists -----------------------------------------------------------------------------------------------

    /// Names of the settings of a list that are on or off.
    public static List<String> settings() {
        return List.copyOf(ListSettings.FLAGS.keySet());
    }

    private Lister lister(EditableDirectory directory) {
        return new Lister(state.maildirs(), directory);
    }

    /// Addresses of a domain's lists.
    ///
    /// @param domain not an alias domain
    public List<String> lists(EditableDirectory directory, String domain) throws IOException {
        return lister(directory).export(domain).keySet().stream()
                .map(local -> local + "@" + domain)
                .toList();
    }

    private record Name(String domain, String local) {
        static Name of(String address) {
            int at = address.lastIndexOf('@');
            return new Name(address.substring(at + 1), address.substring(0, Math.max(0, at)));
        }
    }

    /// A list, its settings and its people, by the names that a declared state has for them; empty when there is none.
    ///
    /// @param address below a domain that is no alias domain
    public Optional<Map<String, Object>> list(EditableDirectory directory, String address) throws IOException {
        Name name = Name.of(address);
        if (Lists.address(address).filter(address::equals).isEmpty()) {
            return Optional.empty();
        }
        return lister(directory).read(name.domain, name.local).map(shape -> {
            Map<String, Object> all = new LinkedHashMap<>(shape);
            all.putIfAbsent("deny", List.of());
            all.computeIfAbsent("owner", _ -> "");
            return all;
        });
    }

    /// Makes a list, or what is said of one; what is not said stays.
    ///
    /// @param said as {@link #list} has it
    /// @param exact whether those are taken out of a set that is said who are not named in it
    public Outcome make(EditableDirectory directory, String address, Map<String, Object> said, boolean exact, Mode mode)
            throws IOException {
        Name name = Name.of(address);
        if (directory.domain(name.domain).filter(d -> d.aliasOf().isEmpty()).isEmpty()) {
            return refused(Refusal.Key.LIST_DOMAIN_MISSING_NAMED, name.domain);
        }
        return run(
                () -> {
                    Declared wanted =
                            read(Map.of("domains", Map.of(name.domain, Map.of(LISTS, Map.of(name.local, said)))));
                    Map<String, EditableDirectory.Domain> there = directory.domains().stream()
                            .collect(Collectors.toMap(EditableDirectory.Domain::name, Function.identity()));
                    List<PlannedChange> steps = new ArrayList<>();
                    new Domain(planner(directory, exact), lister(directory), there)
                            .planLists(
                                    steps,
                                    name.domain,
                                    wanted.domains().all().values().iterator().next());
                    return steps;
                },
                mode);
    }

    /// Takes addresses out of one of a list's sets.
    public Outcome leave(EditableDirectory directory, String address, ListSet set, List<String> addresses, Mode mode)
            throws IOException {
        Name name = Name.of(address);
        if (list(directory, address).isEmpty()) {
            return refused(Refusal.Key.LIST_MISSING);
        }
        List<String> spelled = new ArrayList<>();
        for (String one : addresses) {
            Optional<String> known = Lists.address(one);
            if (known.isEmpty()) {
                return refused(Refusal.Key.LIST_ADDRESS, set.word(), BadFile.shown(one));
            }
            spelled.add(known.get());
        }
        return run(() -> lister(directory).leave(name.domain, name.local, set, spelled), mode);
    }

    /// Removes a list with its subscribers and archive.
    ///
    /// @param agreed whether that may go
    public Outcome remove(EditableDirectory directory, String address, boolean agreed) throws IOException {
        Name name = Name.of(address);
        if (!lister(directory).names(name.domain).contains(name.local)) {
            return refused(Refusal.Key.LIST_MISSING);
        }
        PlannedChange step = lister(directory).remove(name.domain, name.local);
        return agreed ? run(() -> List.of(step), Mode.DO) : new Outcome.Asks(step.losses());
    }
}
