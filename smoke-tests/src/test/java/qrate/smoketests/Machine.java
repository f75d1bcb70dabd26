package qrate.smoketests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A bare Debian under systemd with nothing but a door for ssh and the packages that plays ask for, in a container;
/// made from the packages of this
/// machine's own sources.
final class Machine implements AutoCloseable {
    private static final String INCLUDED =
            "systemd,systemd-sysv,dbus,python3,python3-apt,openssh-server,iproute2,procps,ca-certificates,nftables";
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration COMMAND_MAX = Duration.ofMinutes(10);
    private static final String PREFIX = "qrate-machine-";

    /// systemd of Debian 13 runs on the older control groups only when it is told to; others do not know the word.
    private static final String OLD_CONTROL_GROUPS = "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1";

    private final String name = PREFIX + ProcessHandle.current().pid();
    private final Path key;

    private Machine(Path key) {
        this.key = key;
    }

    /// Starts one.
    ///
    /// @param suite Debian's name for the release
    /// @param folder for the key that opens it
    static Machine start(String suite, String hostname, Path folder) throws IOException {
        Path key = folder.resolve("key");
        run(Map.of(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
                .orFail();
        Machine machine = new Machine(key);
        try {
            machine.begin(image(suite, folder), hostname);
            return machine;
        } catch (IOException e) {
            machine.close();
            throw e;
        }
    }

    private void begin(String image, String hostname) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker", "run", "-d", "--name", name, "--hostname", hostname));
        command.addAll(List.of("--cap-add", "ALL", "-e", "container=docker", "--pull", "never"));
        for (String option : List.of("seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined")) {
            command.addAll(List.of("--security-opt", option));
        }
        for (String folder : List.of("/run", "/run/lock", "/tmp")) {
            command.addAll(List.of("--tmpfs", folder));
        }
        command.addAll(List.of("-v", "/var/lib/docker")); // an engine in it stores layers there, and not on ours
        command.addAll(List.of("-v", "/sys/fs/cgroup:/sys/fs/cgroup:rw", image));
        command.addAll(List.of("init", OLD_CONTROL_GROUPS));
        run(Map.of(), command.toArray(String[]::new)).orFail();
        docker("exec", name, "mkdir", "-p", "-m", "700", "/root/.ssh").orFail();
        docker("cp", "-q", key + ".pub", name + ":/root/.ssh/authorized_keys").orFail();
        docker("exec", name, "chown", "-R", "root:root", "/root/.ssh").orFail();
        await().atMost(START_MAX)
                .until(() -> inside("systemctl is-active ssh").text().strip().equals("active"));
    }

    /// Its image, made once for each release of Debian.
    private static String image(String suite, Path folder) throws IOException {
        String image = "qrate-machine:" + suite;
        if (docker("image", "inspect", image).code() == 0) {
            return image;
        }
        String site = run(Map.of(), "apt-get", "indextargets", "--format", "$(SITE)", "Identifier: Packages")
                .orFail()
                .text()
                .lines()
                .findFirst()
                .orElseThrow();
        Path tar = folder.resolve(suite + ".tar");
        List<String> command = new ArrayList<>(List.of("mmdebstrap", "--quiet", "--mode=root", "--variant=minbase"));
        command.add("--include=" + INCLUDED);
        for (String left : List.of("doc", "man", "locale")) {
            command.add("--dpkgopt=path-exclude=/usr/share/" + left + "/*");
        }
        command.add("--dpkgopt=force-unsafe-io");
        command.addAll(List.of("--aptopt=Acquire::Languages \"none\"", "--format=tar"));
        command.addAll(List.of(suite, tar.toString(), "deb " + site + " " + suite + " main"));
        run(Map.of(), command.toArray(String[]::new)).orFail();
        docker("import", tar.toString(), image).orFail();
        Files.delete(tar);
        return image;
    }

    /// Its address.
    String address() throws IOException {
        return docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", name)
                .orFail()
                .text()
                .strip();
    }

    /// The file of the key that opens it.
    Path key() {
        return key;
    }

    /// Runs a shell script in it, as root.
    Ran inside(String script) throws IOException {
        return docker("exec", name, "sh", "-c", script);
    }

    /// Copies a file into a folder of it.
    void put(Path file, String folder) throws IOException {
        docker("cp", "-q", file.toString(), name + ":" + folder + "/").orFail();
    }

    @Override
    public void close() throws IOException {
        docker("rm", "-f", "-v", name);
    }

    private static Ran docker(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(Arrays.asList(arguments));
        return run(Map.of(), command.toArray(String[]::new));
    }

    /// Runs a command of this machine's.
    static Ran run(Map<String, String> environment, String... command) throws IOException {
        return Ran.of(COMMAND_MAX, environment, List.of(command));
    }
}
