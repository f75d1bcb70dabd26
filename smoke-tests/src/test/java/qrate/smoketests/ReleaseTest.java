package qrate.smoketests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The files of a release are whole, say what they are made of, and run on a machine that builds nothing.
@Tag("container")
@Timeout(1200)
class ReleaseTest {
    private static final Duration COMMAND_MAX = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private static Ran run(Map<String, String> environment, String... command) throws IOException {
        return Ran.of(COMMAND_MAX, environment, List.of(command));
    }

    private static Ran run(String... command) throws IOException {
        return run(Map.of(), command);
    }

    private Path unpacked() throws IOException {
        return Release.unpack(folder);
    }

    @Test
    void everyFileHasItsSum() throws IOException {
        Ran said = run("sh", "-c", "cd '" + Release.folder() + "' && sha256sum --check SHA256SUMS");
        assertEquals(0, said.code(), said.text());
        Set<String> summed = new TreeSet<>();
        for (String line : Files.readAllLines(Release.folder().resolve("SHA256SUMS"))) {
            summed.add(line.substring(line.lastIndexOf(' ') + 1));
        }
        Set<String> there = new TreeSet<>();
        try (var files = Files.list(Release.folder())) {
            files.map(file -> file.getFileName().toString()).forEach(there::add);
        }
        there.remove("SHA256SUMS");
        assertEquals(there, summed);
        assertEquals(5, summed.size(), summed.toString());
    }

    @Test
    void theArchiveRunsWhereNothingCanBeBuilt() throws IOException {
        Path top = unpacked();
        Path fakes = Files.createDirectory(folder.resolve("fakes"));
        for (String name : List.of("mvn", "java", "javac", "docker", "docker-compose")) {
            Path fake = fakes.resolve(name);
            Files.writeString(fake, "#!/bin/sh\necho " + name + " >>'" + folder.resolve("called") + "'\nexit 127\n");
            assertTrue(fake.toFile().setExecutable(true));
        }
        Map<String, String> environment = new HashMap<>(Release.ports());
        environment.put("PATH", fakes + ":" + System.getenv("PATH"));
        environment.put("JAVA_HOME", folder.resolve("none").toString());
        environment.put("QRATE_STATE", folder.resolve("state").toString());
        run("chmod", "755", folder.toString()).orFail(); // its user must get there
        String qrate = top.resolve("qrate").toString();
        try {
            Ran up = run(environment, qrate, "up", "--domain", "example.test");
            assertTrue(up.text().contains("Qrate is up (embedded)"), up.text());
            Ran smoke = run(environment, qrate, "smoke");
            assertEquals(0, smoke.code(), smoke.text());
            assertTrue(smoke.text().contains(" passed, 0 failed"), smoke.text());
            assertEquals(
                    0,
                    run(environment, qrate, "vadduser", "ann@example.test", "a good password")
                            .code());
            Ran release = run(environment, qrate, "release");
            assertEquals(100, release.code());
            assertTrue(release.text().contains("only a checkout of the sources has it"), release.text());
        } finally {
            run(environment, qrate, "down").orFail();
        }
        Path called = folder.resolve("called");
        Set<String> builders = new TreeSet<>(Files.exists(called) ? Files.readAllLines(called) : List.of());
        builders.remove("docker");
        builders.remove("docker-compose");
        assertEquals(Set.of(), builders, "called to build or run something");
    }

    @Test
    void everyPartStandsInTheBillWithItsLicence() throws IOException {
        Path top = unpacked();
        List<String> list = Files.readAllLines(top.resolve("share/licences/list"));
        Set<String> parts = new TreeSet<>();
        for (String line : list) {
            String[] fields = line.split("\t", -1);
            assertEquals(3, fields.length, line);
            parts.add(fields[0] + "-" + fields[1] + ".jar");
        }
        assertTrue(parts.stream().anyMatch(part -> part.startsWith("openjdk-runtime-25")), parts.toString());
        Set<String> jars = new TreeSet<>();
        for (String module : List.of("images/embedded", "smoke-tests")) {
            jars.addAll(Files.readAllLines(top.resolve(module + "/target/run/class-path")));
        }
        jars.removeIf(jar -> jar.startsWith("embedded-") || jar.startsWith("smoke-tests-")); // the bills are theirs
        jars.removeAll(parts);
        assertEquals(Set.of(), jars, "jars that no bill names");
        assertTrue(Files.exists(top.resolve("images/embedded/target/run/runtime/legal/java.base/LICENSE")));
    }

    @Test
    void theImagesAreThoseThatWereTested() throws IOException {
        Path tar = Release.file(".tar");
        String ids = run(
                        "docker",
                        "image",
                        "inspect",
                        "-f",
                        "{{.Id}}",
                        "qrate/smtpd:" + Release.version(),
                        "qrate/admin:" + Release.version())
                .orFail()
                .text();
        String manifest =
                run("tar", "-xOf", tar.toString(), "manifest.json").orFail().text();
        for (String id : ids.strip().split("\n", -1)) {
            assertTrue(manifest.contains(id.strip().substring("sha256:".length())), id + " in " + manifest);
        }
        for (String name : List.of("smtpd", "queue", "pop3d", "admin", "acme")) {
            assertTrue(manifest.contains("\"qrate/" + name + ":"), name);
        }
    }

    @Test
    @Tag("long")
    void theSameSourcesGiveTheSameBytes() throws IOException {
        Path again = folder.resolve("again");
        Release.build(again, "--no-images");
        Set<String> compared = new TreeSet<>();
        try (var files = Files.list(again)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("SHA256SUMS")) {
                    assertEquals(-1, Files.mismatch(file, Release.folder().resolve(name)), name);
                    compared.add(name);
                }
            }
        }
        assertEquals(4, compared.size(), compared.toString());
    }

    @Test
    @Tag("long")
    void aRegistryGetsTheImagesToo() throws Exception {
        String port = Stack.freePort(List.of());
        Path settings = folder.resolve("registry.yml");
        Files.writeString(
                settings,
                "version: 0.1\nstorage: {filesystem: {rootdirectory: " + folder.resolve("registry")
                        + "}}\nhttp: {addr: \"127.0.0.1:" + port + "\"}\n");
        Process registry = new ProcessBuilder("docker-registry", "serve", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        try {
            URI list = URI.create("http://127.0.0.1:" + port + "/v2/");
            await().atMost(COMMAND_MAX)
                    .ignoreExceptions()
                    .until(() -> !get(list).isEmpty());
            Release.build(folder.resolve("pushed"), "--registry", "127.0.0.1:" + port + "/mail");
            for (String name : List.of("smtpd", "queue", "pop3d", "admin", "acme")) {
                String tags = get(list.resolve("mail/" + name + "/tags/list"));
                assertTrue(tags.contains("\"tags\":[\"" + Release.version() + "\"]"), tags);
            }
            assertEquals(
                    "",
                    run("docker", "image", "ls", "-q", "127.0.0.1:" + port + "/mail/*")
                            .text(),
                    "names left behind");
        } finally {
            registry.destroy();
            registry.waitFor();
        }
    }

    private static String get(URI uri) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void aWrongCallMakesNothing() throws IOException {
        String qrate = Release.TOP.resolve("qrate").toString();
        Ran said = run(qrate, "release", "--no-images", "--registry", "registry.invalid/qrate");
        assertEquals(100, said.code(), said.text());
        assertEquals(100, run(qrate, "release", "--to").code());
        assertEquals(100, run(qrate, "release", "everything").code());
    }
}
