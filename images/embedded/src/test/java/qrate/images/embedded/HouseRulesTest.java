package qrate.images.embedded;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The house's rules that want compiled classes; those of its floors stand at the root of `stack/`.
class HouseRulesTest {
    private static final int FILE_LINES_MAX = 400;
    private static final int MAIN_LINES_MAX = 80;
    private static final int PARAMETERS_MAX = 6;

    private static final Path ROOT = Repository.root();

    private static JavaClasses all;

    @BeforeAll
    static void readClasses() {
        all = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("qrate");
        assertTrue(all.size() > 100, "classes of the whole stack are on the class path: " + all.size());
    }

    @Test
    void noPackageOrClassIsABox() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..impl..", "..helper..", "..utils..")
                .check(all);
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .check(all);
    }

    /// Who speaks to a CA knows nothing of mail, and nobody else knows how to.
    @Test
    void onlyAcmeKnowsTheLibraryAndItKnowsNoHop() {
        noClasses()
                .that()
                .resideOutsideOfPackage("qrate.acme..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.shredzone..", "org.bouncycastle..")
                .check(all);
        classes()
                .that()
                .resideInAPackage("qrate.acme..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java..",
                        "javax.net..",
                        "org.shredzone..",
                        "qrate.acme..",
                        "qrate.certificate..",
                        "qrate.core.."))
                .check(all);
        classes()
                .that()
                .resideInAPackage("qrate.certificate..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java..", "javax.security.auth.x500..", "qrate.certificate..", "qrate.core.."))
                .check(all);
    }

    @Test
    void noCallHasMoreArgumentsThanAReaderKeepsApart() {
        Set<String> wide = new TreeSet<>();
        all.stream()
                .filter(type -> !type.isRecord() && !type.isEnum() && !type.isAnonymousClass())
                .filter(type -> !type.getSimpleName().startsWith("Jte")) // templates, made by jte
                .filter(type -> !type.getSimpleName().endsWith("Templates")) // what calls them, made by it too
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> !unit.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(unit -> unit.getRawParameterTypes().size() > PARAMETERS_MAX)
                .forEach(unit -> wide.add(unit.getFullName()));
        assertEquals(Set.of(), wide, "make a record of them");
    }

    @Test
    void nothingStaticChanges() {
        fields().that().areStatic().should().beFinal().check(all);
    }

    @Test
    void nothingIsWiredByMagic() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(java.util.ServiceLoader.class, java.lang.reflect.Proxy.class)
                .check(all);
    }

    @Test
    void everyPackageSaysWhatItPromises() throws IOException {
        List<String> missing = new ArrayList<>();
        Set<Path> files = new TreeSet<>();
        for (Path file : sources(".java")) {
            files.add(file.resolveSibling("package-info.java"));
        }
        for (Path file : files) {
            String text = Files.readString(file);
            for (String heading : List.of("Receives from:", "Hands to:", "Owns:", "Promise:", "Trust:", "Standards:")) {
                if (!text.contains(heading)) {
                    missing.add(ROOT.relativize(file) + " lacks " + heading);
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void everyModuleIsOnePackageNamedAfterItsFolderOrSomeBelowIt() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : sources(".java")) {
            Path module = ROOT.relativize(file);
            while (!module.getParent().endsWith("src")) {
                module = module.getParent();
            }
            String folder =
                    module.getParent().getParent().getFileName().toString().replace("-", "");
            Path above = file.getParent().getParent();
            if (!file.getParent().endsWith(folder) && !above.endsWith(folder)) {
                wrong.add(ROOT.relativize(file).toString());
            }
        }
        assertEquals(List.of(), wrong);
    }

    /// Maven takes the nearest word on a scope: an image that wants for its tests what a module needs to run would run
    /// without it. Programs whose every output is a report can bear no line of a logger that is missing.
    @Test
    void noImageKeepsForItsTestsWhatAModuleRunsWith() throws IOException {
        Pattern runs = Pattern.compile("<artifactId>([\\w.-]+)</artifactId>(?:<scope>runtime</scope>)?</dependency>");
        Pattern tests = Pattern.compile("<artifactId>([\\w.-]+)</artifactId><scope>test</scope>");
        Set<String> running = artifacts("stack", runs);
        assertTrue(running.contains("slf4j-nop"), running.toString());
        Set<String> hidden = artifacts("images", tests);
        hidden.retainAll(running);
        hidden.removeAll(Set.of("testkit", "awaitility")); // which testkit itself is made of
        assertEquals(Set.of(), hidden);
    }

    private static Set<String> artifacts(String part, Pattern pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve(part), 3)) {
            for (Path pom : files.filter(file -> file.endsWith("pom.xml")).toList()) {
                pattern.matcher(Files.readString(pom)).results().forEach(match -> found.add(match.group(1)));
            }
        }
        return found;
    }

    @Test
    void noFileGrowsTooLong() throws IOException {
        Set<String> longer = new TreeSet<>();
        for (Path file : sources(".java")) {
            int max = file.endsWith("Main.java") ? MAIN_LINES_MAX : FILE_LINES_MAX;
            int lines = Files.readAllLines(file).size();
            if (lines > max) {
                longer.add(ROOT.relativize(file) + ": " + lines + " lines, at most " + max);
            }
        }
        assertEquals(Set.of(), longer);
    }

    /// The formatter breaks a line of a comment that is too long, and a table whose row is broken is no table.
    @Test
    void everyTableInACommentIsWhole() throws IOException {
        Set<String> broken = new TreeSet<>();
        for (Path file : sources(".java")) {
            for (String line : Files.readAllLines(file)) {
                String text = line.strip();
                if (text.startsWith("/// |") && (text.length() < 6 || !text.endsWith("|"))) {
                    broken.add(ROOT.relativize(file) + ": " + text);
                }
            }
        }
        assertEquals(Set.of(), broken);
    }

    @Test
    void nothingIsLeftOpenInTheCode() throws IOException {
        List<String> open = new ArrayList<>();
        for (Path file : sources(".java")) {
            String text = Files.readString(file);
            for (String mark : List.of("TODO", "FIXME", "XXX")) {
                if (text.contains(mark)) {
                    open.add(ROOT.relativize(file) + " holds " + mark);
                }
            }
        }
        assertEquals(List.of(), open);
    }

    /// A synchronized list breaks whoever walks through it while somebody else adds to it, now and then.
    @Test
    void listsThatSeveralThreadsFillCanBeLookedThroughMeanwhile() throws IOException {
        List<Path> all = new ArrayList<>(sources(".java"));
        all.addAll(Repository.files("/src/test/java/", ".java"));
        List<String> found = new ArrayList<>();
        for (Path file : all) {
            if (Files.readString(file).contains("Collections.synchronized" + "List(")) {
                found.add(ROOT.relativize(file).toString());
            }
        }
        assertEquals(List.of(), found);
    }

    /// The main sources of the whole project with names that end so.
    static List<Path> sources(String ending) throws IOException {
        List<Path> found = Repository.files("/src/main/java/", ending);
        assertTrue(!found.isEmpty(), "sources are read from " + ROOT);
        return found;
    }
}
