package qrate.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./qrate bench`: the measures of the house, beside Postfix and Dovecot where they are installed.
@Command(
        name = "qrate bench",
        mixinStandardHelpOptions = true,
        description = "Measures Qrate beside Postfix and Dovecot.")
final class Bench implements Callable<Integer> {
    private static final Set<Group> MAIL =
            EnumSet.of(Group.MAIL, Group.LISTS, Group.POP3, Group.LOGINS, Group.ACCEPTING);

    @Option(
            names = "--shape",
            defaultValue = "embedded",
            description = "embedded: one process (default); compose: containers, as root; both: in the same run.")
    Run.Shape shape;

    @Option(names = "--top", hidden = true, description = "The checkout.")
    Path top = Path.of("");

    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "NAME",
            description = "Only these: ${COMPLETION-CANDIDATES}. Without it: the first nine.")
    List<Group> rows = List.of();

    @Option(names = "--long", description = "All of them, and series up to a million messages.")
    boolean all;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds of each measure (default 3).")
    int rounds;

    @Option(names = "--messages", defaultValue = "2000", description = "Messages a round (default 2000).")
    int messages;

    @Option(names = "--connections", defaultValue = "20", description = "Connections at once (default 20).")
    int connections;

    @Option(
            names = "--series-max",
            description = "The last step of each series (default 100000, with --long 1000000 for the queue).")
    Optional<Integer> seriesMax = Optional.empty();

    @Option(names = "--plots", description = "Folder for the pictures of series (default: target/bench).")
    Optional<Path> plots = Optional.empty();

    @Option(names = "--folder", description = "Folder for the servers' files (default: a temporary one).")
    Path folder;

    @Option(
            names = "--own-disk",
            description = "Puts these files on a file system of their own, ext4 with a journal, as root.")
    boolean ownDisk;

    @Option(names = "--jvm", split = " ", description = "JVM options of Qrate, as the launcher gives them.")
    List<String> jvm = List.of();

    @Option(
            names = "--micro",
            arity = "0..1",
            fallbackValue = ".*",
            description = "Only the benchmarks of single steps (JMH), or those whose names match.")
    Optional<String> micro = Optional.empty();

    private final PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (micro.isPresent()) {
            return steps(micro.get());
        }
        Path root = folder == null ? Files.createTempDirectory("qrate-bench") : Files.createDirectories(folder);
        Processes.run("chmod", "755", root.toString()); // the peers' daemons have users of their own
        try {
            if (ownDisk) {
                try (OwnDisk disk = OwnDisk.in(root)) {
                    measure(disk.folder());
                }
            } else {
                measure(root);
            }
            return 0;
        } finally {
            Processes.run("rm", "-rf", root.toString());
        }
    }

    private void measure(Path root) throws IOException {
        OwnDisk.tell(root, out);
        Set<Group> groups = Group.wanted(rows, all);
        Run.Size size = new Run.Size(rounds, messages, connections, seriesMax.orElse(all ? 1_000_000 : 100_000));
        Run run = new Run(shape, top, root, plots.orElse(top.resolve("target/bench")), jvm, groups, size, out);
        if (!Collections.disjoint(groups, MAIL)) {
            MailPart.run(run);
        }
        Remote.run(run);
        if (run.wants(Group.IDLE)) {
            Idle.run(run);
        }
        if (run.wants(Group.BOX)) {
            Box.run(run);
        }
        if (run.wants(Group.POLICY)) {
            PolicyPart.run(run);
            SigningPart.run(run);
        }
        Series.run(run);
    }

    private static int steps(String names) throws IOException {
        try {
            new Runner(new OptionsBuilder().include(names).build()).run();
            return 0;
        } catch (RunnerException e) {
            throw new IOException(e);
        }
    }
}
