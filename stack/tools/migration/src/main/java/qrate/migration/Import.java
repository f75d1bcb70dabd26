package qrate.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.directory.Opening;
import qrate.queue.Journal;
import qrate.queue.Queue;
import qrate.snapshots.SnapshotDirectory;

/// `import [--apply] … /path/to/var/qmail [/path/to/vpopmail]`: takes over a qmail and vpopmail installation.
///
/// Exit code 0, 100 for a wrong call or when something was left out, 111 when something could not be done now.
public final class Import implements Program {
    private final Opening.Opener directories;
    private final ChangeListener steps;
    private final InstantSource clock;

    /// On the directory as its commands open it.
    public Import(InstantSource clock) {
        this(Opening::open, ChangeListener.unheard(), clock);
    }

    Import(Opening.Opener directories, ChangeListener steps, InstantSource clock) {
        this.directories = directories;
        this.steps = steps;
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        Optional<Options> options = Options.parse(arguments);
        if (options.isEmpty()) {
            stdio.err().println("import: " + Options.USAGE);
            return 100;
        }
        Report report = new Report(stdio.out(), !options.get().apply());
        try {
            run(options.get(), report, stdio.environment());
            return report.end();
        } catch (IOException e) {
            stdio.err().println("import: fatal: " + Reasons.of(e));
            return 111;
        }
    }

    private void run(Options options, Report report, Map<String, String> environment) throws IOException {
        Source qmail;
        try {
            qmail = Source.of(options.qmail());
        } catch (IOException e) {
            report.leftOut(options.qmail().toString(), "no folder: " + Source.why(e));
            return;
        }
        State state = new State(State.of(environment).root().normalize());
        if (!Files.isDirectory(state.control())) {
            throw new IOException(state.root() + ": nothing is set up here: ./qrate up, or init");
        }
        Target target = new Target(state, steps);
        Path records = state.db().resolve("import");
        try (ImportRecord notes =
                        options.apply() ? ImportRecord.writing(records, target) : ImportRecord.reading(records);
                EditableDirectory directory = options.apply()
                        ? directories.open(environment)
                        : new DryDirectory(new SnapshotDirectory(state, clock))) {
            Take take = new Take(options, report, notes, target);
            all(take, directory, qmail);
        }
    }

    private void all(Take take, EditableDirectory directory, Source qmail) throws IOException {
        List<Assign.Entry> entries = AssignPart.read(qmail, take.report());
        List<Group> groups =
                Group.of(entries.stream().filter(Assign.Entry::isDomain).toList(), take.report());
        Set<String> names = new HashSet<>();
        groups.forEach(group -> {
            names.add(group.name());
            names.addAll(group.aliases());
        });
        new ControlPart(take, names).run(qmail);
        AssignPart users = new AssignPart(take);
        users.alias(qmail);
        domains(take, directory, groups);
        users.users(entries);
        new QueuePart(take, () -> open(take.state())).run(qmail, rewriting(qmail));
    }

    private static void domains(Take take, EditableDirectory directory, List<Group> groups) throws IOException {
        String named = take.options().vpopmail();
        Optional<Path> folder = named.isEmpty() ? Group.vpopmail(groups) : Optional.of(Path.of(named));
        if (folder.isEmpty()) {
            return;
        }
        Source vpopmail;
        try {
            vpopmail = Source.of(folder.get());
        } catch (IOException e) {
            take.report().leftOut(folder.get().toString(), "vpopmail's folder: " + Source.why(e));
            return;
        }
        // one change of a large domain writes its snapshots anew: they wait until its people are in
        boolean own = directory instanceof Domains;
        EditableDirectory quiet = directory instanceof Domains domains ? domains.quiet("import") : directory;
        DomainPart.Publish publish = directory instanceof Domains domains ? domains::heal : () -> {};
        People people = new People(take, quiet, new SecureRandom());
        DomainPart part = new DomainPart(take, people, new MaildirPart(take), publish);
        for (Group group : groups) {
            part.run(group, vpopmail);
        }
        strangers(take, vpopmail, groups);
        if (own) {
            publish.run();
        }
    }

    /// Folders that look like domains and that no line names.
    private static void strangers(Take take, Source vpopmail, List<Group> groups) throws IOException {
        Optional<Path> domains = vpopmail.find("domains");
        List<Path> folders = domains.isEmpty() ? List.of() : new ArrayList<>(Source.list(domains.get()));
        for (Path folder : folders) {
            String name = Source.name(folder);
            boolean known = groups.stream().anyMatch(group -> group.home().endsWith("/" + name));
            if (!known && name.contains(".") && Source.isFolder(folder)) {
                take.report().leftOut("domains/" + name, "no line of users/assign names it");
            }
        }
    }

    private static Rewriting rewriting(Source qmail) throws IOException {
        return new Rewriting(lines(qmail, "locals"), lines(qmail, "virtualdomains"));
    }

    private static List<String> lines(Source qmail, String name) throws IOException {
        Optional<Source> control = qmail.part("control");
        Optional<Path> file =
                control.isEmpty() ? Optional.empty() : control.get().find(name);
        return file.isEmpty()
                ? List.of()
                : Lines.of(Source.read(file.get())).stream()
                        .map(Lines.Line::text)
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .toList();
    }

    private QueuePart.Opened open(State state) throws IOException {
        Journal journal;
        try {
            journal = Journal.open(Files.createDirectories(state.queue()), clock, Log.silent());
        } catch (IOException e) {
            throw new IOException("queue: " + e.getMessage() + " (send must be down while the old queue is taken)", e);
        }
        return new QueuePart.Opened() {
            @Override
            public Queue queue() {
                return journal;
            }

            @Override
            public void close() throws IOException {
                journal.close();
            }
        };
    }
}
