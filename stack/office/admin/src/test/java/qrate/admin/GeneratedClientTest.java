package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.RecoveryCodes;
import qrate.directory.Totp;

/// What others make of the description of the API: OpenAPI Generator finds nothing wrong with it, and the client in
/// TypeScript that it makes creates, reads, changes and removes one of everything here (`src/test/rest/client.ts`).
@Tag("peer")
@Timeout(300)
class GeneratedClientTest extends AdminOnRig {
    /// Maven puts it there; the programs come from `provisioning/machine`.
    private static final Path GENERATOR = Path.of("target/generator/openapi-generator-cli.jar");

    private static final String DESCRIPTION = "src/main/resources/qrate/admin/openapi.json";
    private static final String LOCKED_OUT = "bob@example.test";

    @TempDir
    Path made;

    private static String run(Map<String, String> environment, String... command) throws Exception {
        Path said = Files.createTempFile(folder, "said", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.redirectOutput(said.toFile()).start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), command[0] + " has not ended");
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(said, UTF_8);
        assertEquals(0, process.exitValue(), text);
        return text;
    }

    private static String generator(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 3];
        command[0] = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        command[1] = "-jar";
        command[2] = GENERATOR.toString();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return run(Map.of(), command);
    }

    @Test
    void aPublicValidatorFindsNothingWrongWithTheDescription() throws Exception {
        String said = generator("validate", "--recommend", "-i", DESCRIPTION);
        assertTrue(said.contains("No validation issues detected."), said);
        assertEquals(-1, said.indexOf("Warnings"), said);
    }

    @Test
    void aGeneratedClientCreatesReadsChangesAndRemovesOneOfEverything() throws Exception {
        fill();
        Path generated = made.resolve("generated");
        generator("generate", "-i", DESCRIPTION, "-g", "typescript-fetch", "-o", generated.toString());
        Files.copy(Path.of("src/test/rest/client.ts"), made.resolve("client.ts"));
        String[] compile = {
            "/usr/bin/tsc",
            "--strict",
            // Debian's tsc 4.8 does not see what `in` says of an object, as the generated code has it
            "--noImplicitAny",
            "false",
            "--target",
            "es2020",
            "--module",
            "commonjs",
            "--lib",
            "es2020,dom",
            made.resolve("client.ts").toString()
        };
        assertEquals("", run(Map.of(), compile));
        String said = run(
                Map.of(
                        "QRATE_URL",
                        rig.url(),
                        "QRATE_TOKEN",
                        rig.token("admin"),
                        "QRATE_OWNER_TOKEN",
                        rig.token("ann@example.test"),
                        "QRATE_OWNER",
                        "ann@example.test",
                        "QRATE_LOCKED_OUT",
                        LOCKED_OUT,
                        "QRATE_LIST",
                        HostileList.ADDRESS,
                        "QRATE_PASSWORD",
                        Rig.PASSWORD),
                "/usr/bin/node",
                made.resolve("client.js").toString());
        long routes = rig.routes().stream()
                .filter(route -> route.door() == Router.Door.API)
                .count();
        assertEquals(routes + " operations\n", said);
    }

    /// What no call of the API makes.
    private static void fill() throws IOException {
        Files.writeString(rig.state.control().resolve("me"), "mail.example.test\n");
        HostileList.make(rig);
        for (long id : List.of(10L, 11L)) {
            rig.queue.kept.add(Rig.FakeQueue.aside(id, "ann@example.test"));
        }
        rig.browser().signIn("ann@example.test");
        rig.domains.apply(new Edit.AddMailbox(LOCKED_OUT, new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.SetSecondFactor(
                LOCKED_OUT, Totp.make(new SecureRandom()), 0, RecoveryCodes.make(new SecureRandom())));
    }
}
