package qrate.house;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The floors of the house, read from the folders and the sources, so that a new module keeps every rule from the day
/// it is made. It runs before anything is compiled.
class FloorsTest {
    /// From the ground up. Nothing knows what is above it.
    private static final List<String> FLOORS =
            List.of("ground", "formats", "policy", "hops", "office", "tools", "images");

    /// Floors whose modules run on the JDK alone, and those of their modules that may not.
    private static final Set<String> JDK_ALONE = Set.of("ground", "formats", "policy", "hops");

    /// What stands outside of the mail path on these floors, and the libraries that each is allowed.
    private static final Map<String, List<String>> LIBRARIES = Map.of(
            "dns", List.of("org.xbill."),
            "checkpassword", List.of("org.springframework.security.crypto.", "org.apache.commons.codec.digest."),
            "testkit", List.of(""));

    /// The hops that know another: send schedules the queue; who takes logins asks by the checkpassword interface.
    private static final Map<String, Set<String>> HOPS_INTO_HOPS =
            Map.of("send", Set.of("queue"), "smtpd", Set.of("checkpassword"), "pop3d", Set.of("checkpassword"));

    /// The modules of policy that know another: ARC's signatures are DKIM's, and one pass over a message
    /// serves both. The gate decides by what the others find out.
    private static final Map<String, Set<String>> POLICY_INTO_POLICY = Map.of(
            "arc", Set.of("dkim"),
            "signer", Set.of("dkim"),
            "gate", Set.of("spf", "dkim", "arc", "dmarc"));

    private static final Pattern NAME =
            Pattern.compile("\\b(qrate\\.(?:images\\.)?[a-z0-9]+|[a-z]+(?:\\.[a-z0-9]+)+)\\.[A-Z*]");
    private static final Set<String> OF_THE_JDK =
            Set.of("java.", "javax.net.", "javax.crypto.", "javax.xml.stream.", "jdk.net.");

    static final Path ROOT = root();

    /// A module: its floor, and its own packages, each with the names of those that its main sources use.
    private record Module(String floor, Map<String, Set<String>> own) {
        /// What it uses of others.
        Set<String> packages() {
            Set<String> all = new TreeSet<>();
            own.values().forEach(all::addAll);
            all.removeAll(own.keySet());
            return all;
        }

        Set<String> modules() {
            Set<String> modules = new TreeSet<>();
            for (String name : packages()) {
                if (name.startsWith("qrate.") && !name.startsWith("qrate.images")) {
                    modules.add(name.split("\\.", -1)[1]);
                }
            }
            return modules;
        }
    }

    private static final Map<String, Module> MODULES = new TreeMap<>();

    @BeforeAll
    static void readSources() throws IOException {
        for (Path floor : folders(ROOT.resolve("stack"))) {
            if (!floor.endsWith("src") && !floor.endsWith("target")) {
                for (Path module : folders(floor)) {
                    add(floor.getFileName().toString(), module);
                }
            }
        }
        assertTrue(MODULES.size() > 30, "not the whole stack: " + MODULES.keySet());
    }

    private static void add(String floor, Path module) throws IOException {
        Path sources = module.resolve("src/main/java");
        if (!Files.exists(sources)) {
            return; // what another checkout left behind
        }
        Map<String, Set<String>> own = new TreeMap<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String name = sources.relativize(file.getParent()).toString().replace('/', '.');
                Set<String> used = own.computeIfAbsent(name, _ -> new TreeSet<>());
                for (String line : Files.readAllLines(file)) {
                    String code = line.strip();
                    if (!code.startsWith("//") && !code.startsWith("package ")) {
                        Matcher other = NAME.matcher(code);
                        while (other.find()) {
                            used.add(other.group(1));
                        }
                    }
                }
                used.remove(name);
            }
        }
        assertEquals(
                null,
                MODULES.put(module.getFileName().toString(), new Module(floor, own)),
                "two modules of one name: " + module);
    }

    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("stack"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    @Test
    void everyFloorHasAPlaceInTheHouse() {
        Set<String> floors = new TreeSet<>();
        MODULES.values().forEach(module -> floors.add(module.floor));
        floors.removeAll(FLOORS);
        assertEquals(Set.of(), floors);
    }

    @Test
    void everyModuleIsBuilt() throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        Set<String> left = new TreeSet<>();
        MODULES.forEach((name, module) -> {
            if (!pom.contains("<module>stack/" + module.floor + "/" + name + "</module>")) {
                left.add(name);
            }
        });
        assertEquals(Set.of(), left);
    }

    /// So that a name says in which folder to look, and each folder says what it is for.
    @Test
    void aModuleIsOnePackageOfItsNameOrSomeBelowIt() {
        Set<String> wrong = new TreeSet<>();
        MODULES.forEach((name, module) -> {
            String first = "qrate." + name;
            if (!module.own.containsKey(first)) {
                wrong.add(name + " does not say in " + first + " what it is for");
            }
            module.own.keySet().forEach(one -> {
                if (!one.equals(first) && !one.matches(Pattern.quote(first) + "\\.[a-z0-9]+")) {
                    wrong.add(one + " is not below " + first);
                }
                Path folder = ROOT.resolve("stack/" + module.floor + "/" + name + "/src/main/java/");
                if (!Files.exists(folder.resolve(one.replace('.', '/')).resolve("package-info.java"))) {
                    wrong.add(one + " does not say what it is for");
                }
            });
        });
        assertEquals(Set.of(), wrong);
    }

    @Test
    void nothingKnowsWhatIsAboveIt() {
        Set<String> wrong = new TreeSet<>();
        MODULES.forEach((name, module) -> module.modules().forEach(other -> {
            Module known = MODULES.get(other);
            if (known != null && FLOORS.indexOf(known.floor) > FLOORS.indexOf(module.floor)) {
                wrong.add(name + " (" + module.floor + ") knows " + other + " (" + known.floor + ")");
            }
        }));
        MODULES.forEach((name, module) -> {
            // the benchmark measures what is shipped
            if (!name.equals("bench") && module.packages().stream().anyMatch(p -> p.startsWith("qrate.images"))) {
                wrong.add(name + " knows an image");
            }
        });
        assertEquals(Set.of(), wrong);
    }

    @Test
    void noHopReachesIntoAnother() {
        assertEquals(Set.of(), reaching("hops", HOPS_INTO_HOPS));
    }

    @Test
    void noModuleOfPolicyReachesIntoAnother() {
        assertEquals(Set.of(), reaching("policy", POLICY_INTO_POLICY));
    }

    /// Who knows another of its floor that it is not allowed to know.
    private static Set<String> reaching(String floor, Map<String, Set<String>> allowed) {
        Set<String> wrong = new TreeSet<>();
        MODULES.forEach((name, module) -> {
            if (module.floor.equals(floor)) {
                Set<String> others = module.modules();
                others.removeIf(other ->
                        !MODULES.containsKey(other) || !MODULES.get(other).floor.equals(floor));
                others.removeAll(allowed.getOrDefault(name, Set.of()));
                others.forEach(other -> wrong.add(name + " knows " + other));
            }
        });
        return wrong;
    }

    @Test
    void noCircleGoesThroughTheModules() {
        Map<String, Set<String>> left = new TreeMap<>();
        MODULES.forEach((name, module) -> {
            Set<String> others = module.modules();
            others.retainAll(MODULES.keySet());
            left.put(name, others);
        });
        assertEquals(Map.of(), circles(left));
    }

    @Test
    void noCircleGoesThroughThePackagesOfAModule() {
        Map<String, Set<String>> left = new TreeMap<>();
        MODULES.values()
                .forEach(module -> module.own.forEach((name, used) -> {
                    Set<String> others = new TreeSet<>(used);
                    others.retainAll(module.own.keySet());
                    left.put(name, others);
                }));
        assertEquals(Map.of(), circles(left));
    }

    /// What is left when everything has gone that knows nothing but what has gone.
    private static Map<String, Set<String>> circles(Map<String, Set<String>> left) {
        boolean less = true;
        while (less) {
            Set<String> ends = new TreeSet<>();
            left.forEach((name, others) -> {
                if (others.isEmpty()) {
                    ends.add(name);
                }
            });
            ends.forEach(left::remove);
            left.values().forEach(others -> others.removeAll(ends));
            less = !ends.isEmpty();
        }
        return left;
    }

    @Test
    void belowTheOfficeThereIsTheJdkAlone() {
        List<String> wrong = new ArrayList<>();
        MODULES.forEach((name, module) -> {
            if (JDK_ALONE.contains(module.floor)) {
                module.packages().stream()
                        .map(other -> other + ".")
                        .filter(other -> !other.startsWith("qrate."))
                        .filter(other -> OF_THE_JDK.stream().noneMatch(other::startsWith))
                        .filter(other ->
                                LIBRARIES.getOrDefault(name, List.of()).stream().noneMatch(other::startsWith))
                        .forEach(other -> wrong.add(name + " knows " + other));
            }
        });
        assertEquals(List.of(), wrong);
    }
}
