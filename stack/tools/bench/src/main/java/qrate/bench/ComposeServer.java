package qrate.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Qrate in containers, as `./qrate up --compose` starts it, under a project name of its own.
///
/// The doors are asked at their containers' addresses: on 127.0.0.1 a proxy of the engine's would be measured with
/// them.
final class ComposeServer implements Server.Ours {
    private static final List<String> PORTS = List.of("SMTP", "SUBMISSION", "SMTPS", "POP3", "POP3S", "ADMIN");
    private static final List<String> ON_DISK = List.of("control", "queue", "maildirs", "db");
    private static final int STARTS = 5;
    private static final int SMTP = 25;
    private static final int POP3 = 110;
    private static final double NANOS_A_SECOND = 1e9;
    private static final double MICROS_A_SECOND = 1e6;

    private final Path qrate;
    private final Path home;
    private final String project = "qrate-bench-" + ProcessHandle.current().pid();
    private final Map<String, String> environment = new HashMap<>();
    private final Path maildirs;
    private InetSocketAddress smtp;
    private InetSocketAddress pop3;
    private final List<Path> cpu = new ArrayList<>();
    /// CPU of containers that are gone.
    private double before;

    /// @param top the checkout, whose images are there
    /// @param home a folder for its state
    /// @param locals its mailboxes
    ComposeServer(Path top, Path home, List<String> locals) throws IOException {
        this.qrate = top.resolve("qrate");
        this.home = Files.createDirectories(home);
        environment.put("COMPOSE_PROJECT_NAME", project);
        environment.put("QRATE_STATE", home.resolve("state").toString());
        environment.put("QRATE_DOMAIN", DOMAIN);
        environment.put("QRATE_BIND", "127.0.0.1");
        environment.put("QRATE_DNS", "127.0.0.1"); // nobody is asked
        for (String door : PORTS) {
            environment.put("QRATE_" + door + "_PORT", Integer.toString(Processes.freePort()));
        }
        boolean whole = false;
        try {
            volumes();
            up();
            addMailboxes(locals);
            this.maildirs = volume("maildirs");
            if (!Files.isReadable(maildirs)) {
                throw new IOException(
                        "who measures containers must be able to read the engine's volumes: run it as root");
            }
            // the peers take passwords in the clear, and TLS is not what is measured
            Files.writeString(volume("control").resolve("pop3plaintext"), "yes\n");
            whole = true;
        } finally {
            if (!whole) {
                down();
            }
        }
    }

    private String qrate(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(qrate.toString()));
        command.addAll(List.of(arguments));
        return Processes.output(environment, command.toArray(String[]::new));
    }

    private String docker(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return Processes.output(environment, command.toArray(String[]::new)).strip();
    }

    @Override
    public void addMailboxes(List<String> locals) throws IOException {
        Path file = home.resolve("mailboxes");
        Files.write(
                file,
                locals.stream()
                        .map(local -> local + "@" + DOMAIN + ":{CRYPT}" + HASH)
                        .toList());
        qrate("vadduser", "--file", file.toString());
    }

    /// Where one of {@link #ON_DISK} stands: below the bench's folder, as the peers' files do.
    private Path volume(String name) {
        return home.resolve("volumes").resolve(name);
    }

    private void volumes() throws IOException {
        for (String name : ON_DISK) {
            Path folder = Files.createDirectories(volume(name));
            docker(
                    "volume",
                    "create",
                    "--label",
                    "com.docker.compose.project=" + project,
                    "--label",
                    "com.docker.compose.volume=" + name,
                    "--opt",
                    "type=none",
                    "--opt",
                    "o=bind",
                    "--opt",
                    "device=" + folder,
                    project + "_" + name);
        }
    }

    @Override
    public void control(Map<String, List<String>> files) throws IOException {
        Path folder = volume("control");
        for (var file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        restart();
    }

    /// This host on the network on which deliveries get out.
    @Override
    public Optional<InetAddress> outside() throws IOException {
        return Optional.of(InetAddress.getByName(
                docker("network", "inspect", "-f", "{{(index .IPAM.Config 0).Gateway}}", project + "_out")));
    }

    private String container(String service) throws IOException {
        return docker(
                "ps",
                "-q",
                "--filter",
                "label=com.docker.compose.project=" + project,
                "--filter",
                "label=com.docker.compose.service=" + service);
    }

    /// How long `up` takes until each service is healthy, and a command: seconds, each the median of some.
    String starts() throws IOException {
        double[] ups = new double[STARTS];
        double[] commands = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            qrate("down");
            ups[i] = seconds("up", "--compose");
            commands[i] = seconds("vuserinfo", login(0));
        }
        up();
        return "%.1f s from up to healthy, %.2f s a command".formatted(Sample.median(ups), Sample.median(commands));
    }

    private double seconds(String... command) throws IOException {
        long start = System.nanoTime();
        qrate(command);
        return (System.nanoTime() - start) / NANOS_A_SECOND;
    }

    private void up() throws IOException {
        qrate("up", "--compose");
        smtp = new InetSocketAddress(address("smtpd"), SMTP);
        pop3 = new InetSocketAddress(address("pop3d"), POP3);
        cpu.clear();
        for (long pid : processes()) {
            cpu.add(usage(pid));
        }
    }

    /// The first process of each container.
    private List<Long> processes() throws IOException {
        List<Long> all = new ArrayList<>();
        for (String id : docker("ps", "-q", "--filter", "label=com.docker.compose.project=" + project)
                .lines()
                .toList()) {
            all.add(Long.parseLong(docker("inspect", "-f", "{{.State.Pid}}", id)));
        }
        return all;
    }

    /// An address of a container that this host reaches.
    private String address(String service) throws IOException {
        String all = docker(
                "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", container(service));
        return all.split(" ", -1)[0];
    }

    /// Where the kernel counts the CPU of a process's control group: cpuacct.usage (v1, nanoseconds) or cpu.stat (v2,
    /// microseconds).
    private static Path usage(long pid) throws IOException {
        Path all = Path.of("/sys/fs/cgroup");
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
            String[] parts = line.split(":", 3);
            Path old = all.resolve("cpuacct" + parts[2]).resolve("cpuacct.usage");
            if (List.of(parts[1].split(",", -1)).contains("cpuacct") && Files.exists(old)) {
                return old;
            }
            Path unified = all.resolve(parts[2].substring(1)).resolve("cpu.stat");
            if (parts[1].isEmpty() && Files.exists(unified)) {
                return unified;
            }
        }
        throw new IOException("no control group counts the CPU of process " + pid);
    }

    private static double seconds(Path file) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (!line.contains(" ")) {
                return Long.parseLong(line) / NANOS_A_SECOND;
            }
            if (line.startsWith("usage_usec ")) {
                return Long.parseLong(line.substring("usage_usec ".length())) / MICROS_A_SECOND;
            }
        }
        throw new IOException(file + " says nothing of CPU");
    }

    @Override
    public double cpuSeconds() throws IOException {
        double sum = before;
        for (Path file : cpu) {
            sum += seconds(file);
        }
        return sum;
    }

    @Override
    public ProcessTree.Memory memory() throws IOException {
        ProcessTree.Memory sum = ProcessTree.Memory.NONE;
        for (long pid : processes()) {
            sum = sum.plus(ProcessTree.memory(pid));
        }
        return sum;
    }

    @Override
    public void restart() throws IOException {
        before = cpuSeconds();
        qrate("down");
        up();
    }

    @Override
    public String name() {
        return "qrate, containers";
    }

    @Override
    public InetSocketAddress smtp() {
        return smtp;
    }

    @Override
    public InetSocketAddress pop3() {
        return pop3;
    }

    @Override
    public Path maildir(String local) {
        return maildirs.resolve("domains/" + DOMAIN + "/" + local + "/Maildir");
    }

    @Override
    public void clear() throws IOException {
        Processes.clearMaildirs(this);
    }

    private void down() throws IOException {
        qrate("down", "--volumes");
    }

    @Override
    public void close() throws IOException {
        down();
        Processes.run("rm", "-rf", home.toString());
    }
}
