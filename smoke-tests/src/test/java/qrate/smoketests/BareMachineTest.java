package qrate.smoketests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `provisioning/machine` brings all that scripts and tests call onto a Debian with nothing on it: what somebody once
/// installed by hand is not there. A JDK is lent, since Debian 12 has none that is new enough.
@Tag("container")
@Tag("long")
@Timeout(1800)
class BareMachineTest {
    private static final Duration INSTALL_MAX = Duration.ofMinutes(25);

    @TempDir
    Path folder;

    private Path root;

    private static Ran run(String... command) throws IOException {
        return Ran.of(INSTALL_MAX, Map.of("DEBIAN_FRONTEND", "noninteractive"), List.of(command));
    }

    @AfterEach
    void unmount() throws IOException {
        if (root != null) {
            for (String mounted : List.of("jdk", "dev", "proc")) {
                run("umount", "-l", root.resolve(mounted).toString());
            }
        }
    }

    private void mount(String what, String name) throws IOException {
        Path at = Files.createDirectories(root.resolve(name));
        run("mount", "--bind", what, at.toString()).orFail();
    }

    @Test
    void everyProgramIsThereAfterOneCommand() throws IOException {
        String suite = Files.readAllLines(Path.of("/etc/os-release")).stream()
                .filter(line -> line.startsWith("VERSION_CODENAME="))
                .map(line -> line.substring(line.indexOf('=') + 1))
                .findFirst()
                .orElseThrow();
        String site = run("apt-get", "indextargets", "--format", "$(SITE)", "Identifier: Packages")
                .orFail()
                .lines()
                .getFirst();
        Path bare = folder.resolve("root");
        run(
                        "mmdebstrap",
                        "--quiet",
                        "--mode=root",
                        "--variant=minbase",
                        "--include=ca-certificates,git,procps",
                        suite,
                        bare.toString(),
                        "deb " + site + " " + suite + " main")
                .orFail();
        root = bare;
        mount("/proc", "proc");
        mount("/dev", "dev");
        mount(
                run(Release.TOP.resolve("provisioning/jdk").toString())
                        .orFail()
                        .text()
                        .strip(),
                "jdk");
        // no program of it may be started here
        Path policy = root.resolve("usr/sbin/policy-rc.d");
        Files.writeString(policy, "#!/bin/sh\nexit 101\n");
        run("chmod", "755", policy.toString()).orFail();
        Files.createDirectories(root.resolve("qrate/provisioning"));
        for (String script : List.of("machine", "jdk")) {
            Path file = Path.of("provisioning", script);
            run(
                            "cp",
                            "-p",
                            Release.TOP.resolve(file).toString(),
                            root.resolve("qrate").resolve(file).toString())
                    .orFail();
        }
        String[] machine = {"chroot", root.toString(), "env", "JAVA_HOME=/jdk", "/qrate/provisioning/machine"};
        run(machine).orFail();
        String[] check = {machine[0], machine[1], machine[2], machine[3], machine[4], "--check"};
        Ran lacks = run(check);
        assertEquals("", lacks.text());
        assertEquals(0, lacks.code());
    }
}
