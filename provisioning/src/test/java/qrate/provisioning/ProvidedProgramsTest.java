package qrate.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every program that scripts and tests call is in the lists of `provisioning/machine`, which installs it: what
/// somebody once installed by hand is on no other machine.
class ProvidedProgramsTest {
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    private static final List<String> SCRIPTS = List.of(
            "qrate",
            ".ci/run",
            "provisioning/engine",
            "provisioning/jdk",
            "provisioning/machine",
            "provisioning/upgrade",
            "images/build",
            "images/base/build",
            "release/build",
            "release/keep-state");

    /// Words of the shell itself.
    private static final Set<String> SHELL = Set.of(
            ("if then else elif fi for while until do done case esac in function select time echo printf read cd exit return"
                            + " set export local declare shift test true false trap wait exec eval command type ulimit umask unset"
                            + " mapfile continue break let source compgen complete pwd")
                    .split(" ", -1));

    /// What looks like a command where it stands, and is a word of awk's, of a text, of `find`'s or of Docker's.
    private static final Set<String> NO_PROGRAMS = Set.of(
            ("aarch64 apart base-files by-owner code compadd compdef control docker-cli docker-compose-v2 docker.io error i i++ index init j j++"
                            + " libstdc++6 mailboxes minutes n none or owner package print qmail-inject qmail-rspawn qrate release smtpd start system"
                            + " version zlib1g zsh /bin/x")
                    .split(" ", -1));

    /// Where a command stands: at the beginning of a line or list, in a substitution, behind a word that takes one.
    private static final Pattern COMMAND = Pattern.compile(
            "(?:^|[|&;(!{]|\\$\\(|@\\]}\"\\s|-exec\\s|(?<=xargs)(?: -d '\\\\n')? )\\s*"
                    + "(?:(?:then|do|else|if|elif|while|until|exec|setsid|as_owner|have|need|!)\\s+)*"
                    + "([a-z][\\w.+-]*)(?=[\\s;)]|$)",
            Pattern.MULTILINE);

    private static final Pattern FUNCTION = Pattern.compile("^\\s*([a-z_][a-z0-9_]*)\\(\\)", Pattern.MULTILINE);
    private static final Pattern LISTED = Pattern.compile("([a-z/][\\w./+-]*):[a-z][\\w.+-]*");
    private static final Pattern LOOKED_FOR = Pattern.compile("\\bhave ([a-z][\\w.+-]*)");
    private static final Pattern BY_PATH =
            Pattern.compile("\"(/(?:usr/)?(?:s?bin|lib/[a-z]+(?:/sbin)?)/[a-z][\\w-]*)\"");
    private static final Pattern STARTED =
            Pattern.compile("ProcessBuilder\\((?:List\\.of\\()?\\s*\"([a-z][\\w.+-]*)\"");

    @Test
    void machineInstallsEveryProgramThatScriptsCall() throws IOException {
        Set<String> provided = provided();
        Map<String, String> missing = new TreeMap<>();
        for (String script : SCRIPTS) {
            String text = Files.readString(REPOSITORY.resolve(script));
            // this one is read by that one, whose functions it has
            Set<String> known = script.equals("provisioning/upgrade")
                    ? functions(Files.readString(REPOSITORY.resolve("qrate")))
                    : Set.of();
            for (String called : called(text)) {
                if (!provided.contains(called) && !known.contains(called)) {
                    missing.put(called, script);
                }
            }
        }
        assertEquals(Map.of(), missing, "into a list of provisioning/machine, with their packages");
    }

    @Test
    void machineInstallsEveryProgramThatTestsCall() throws IOException {
        Set<String> provided = provided();
        Map<String, String> missing = new TreeMap<>();
        int seen = 0;
        for (Path source : tests()) {
            String text = Files.readString(source);
            for (Pattern pattern : List.of(BY_PATH, STARTED)) {
                for (Matcher found = pattern.matcher(text); found.find(); ) {
                    String path = found.group(1);
                    seen++;
                    if (!NO_PROGRAMS.contains(path)
                            && !provided.contains(path)
                            && !provided.contains(path.substring(path.lastIndexOf('/') + 1))) {
                        missing.put(path, source.getFileName().toString());
                    }
                }
            }
        }
        assertTrue(seen > 20, "the tests' programs are found: " + seen);
        assertEquals(Map.of(), missing, "into a list of provisioning/machine, with their packages");
    }

    /// The net has no hole where a script's own way of calling is concerned.
    @Test
    void commandsAreFoundWhereTheyStand() {
        assertEquals(
                new TreeSet<>(List.of("alpha", "beta", "delta", "epsilon", "gamma", "iota", "kappa", "xargs", "zeta")),
                called("""
                        f() { alpha x | beta; } # omega
                        if ! gamma; then delta "$(epsilon y)"; fi
                        case $x in
                          word | other) zeta ;;
                        esac
                        xargs -d '\\n' iota && exec kappa
                        f eta; x=theta
                        """));
    }

    private static Set<String> provided() throws IOException {
        String machine = Files.readString(REPOSITORY.resolve("provisioning/machine"));
        Set<String> provided = new TreeSet<>(Set.of("true")); // of the shell, and of coreutils
        for (Pattern pattern : List.of(LISTED, LOOKED_FOR)) {
            pattern.matcher(machine).results().forEach(found -> provided.add(found.group(1)));
        }
        provided.addAll(Set.of("docker-compose")); // looked for by its answer
        return provided;
    }

    private static Set<String> functions(String script) {
        Set<String> functions = new TreeSet<>();
        FUNCTION.matcher(script).results().forEach(found -> functions.add(found.group(1)));
        return functions;
    }

    private static Set<String> called(String script) {
        Set<String> functions = functions(script);
        List<String> lines = new ArrayList<>();
        for (String line : script.replace("\\\n", " ").split("\n", -1)) {
            lines.add(line.replaceAll("(^|\\s)#.*", "").replaceFirst("^\\s*[^()\"$]*[^()\"$ ]\\)(?=\\s|$)", ""));
        }
        Set<String> called = new TreeSet<>();
        COMMAND.matcher(String.join("\n", lines))
                .results()
                .map(found -> found.group(1))
                .forEach(called::add);
        called.removeIf(word -> functions.contains(word) || SHELL.contains(word) || NO_PROGRAMS.contains(word));
        return called;
    }

    private static List<Path> tests() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String part : List.of("stack", "images", "smoke-tests", "provisioning")) {
            try (Stream<Path> all = Files.walk(REPOSITORY.resolve(part))) {
                all.filter(path -> path.toString().endsWith(".java"))
                        .filter(path -> path.toString().contains("/src/test/")
                                || path.toString().contains("/bench/src/"))
                        .filter(path -> !path.endsWith("ProvidedProgramsTest.java"))
                        .forEach(sources::add);
            }
        }
        return sources;
    }
}
