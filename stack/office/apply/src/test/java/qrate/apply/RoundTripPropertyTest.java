package qrate.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.testkit.Seeds;

/// Whatever a file says, an export of it says the same on another machine.
class RoundTripPropertyTest {
    private static final int SYSTEMS = 12;
    private static final List<String> NAMES = List.of("ann", "b.c", "no", "12", "true", "x-y", "o'hara", "a_b", "null");
    private static final List<String> HASHES = List.of("$1$abcdefgh$1234567890123456789012", "ab1234567890.");

    @TempDir
    private Path folder;

    private static <T> T one(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static String address(Random random) {
        return one(random, NAMES) + "@" + one(random, List.of("far.test", "xn--bcher-kva.test", "1.test"));
    }

    private static List<String> addresses(Random random, int least) {
        List<String> all = new ArrayList<>();
        for (int left = least + random.nextInt(3); left > 0; left--) {
            all.add(address(random));
        }
        return all;
    }

    private static String quota(Random random) {
        return one(random, List.of("NOQUOTA", "1", "1024", "50MB", "3GB", "7C", "5KB,9C"));
    }

    private static Map<String, Object> mailbox(Random random) {
        Map<String, Object> box = new LinkedHashMap<>();
        box.put("password_hash", one(random, HASHES));
        box.put("quota", quota(random));
        for (String flag : List.of("pop", "smtp", "postmaster", "keep")) {
            if (random.nextBoolean()) {
                box.put(flag, random.nextBoolean());
            }
        }
        return box;
    }

    private static Map<String, Object> list(Random random) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("owner", address(random));
        ListSettings.FLAGS.keySet().forEach(flag -> list.put(flag, random.nextBoolean()));
        list.put("one_click", random.nextBoolean());
        list.put("rewrite_from", one(random, List.of("auto", "always", "never")));
        list.put("prefix", one(random, List.of("", "[x]", "#: no", "'\"", "é ☃")));
        ListSet.words().forEach(set -> list.put(set, addresses(random, 0)));
        return list;
    }

    /// What is said in own words, of a domain or of the system.
    private static void words(Random random, Map<String, Object> of) {
        if (random.nextBoolean()) {
            of.put("language", random.nextBoolean() ? "en" : "zh-Hant");
            of.put(
                    "texts",
                    Map.of("quota-warning", Map.of("en", "a: \"b\"\n\n- {address}\n", "zh-Hant", "# 滿 {percent}%")));
        }
    }

    private static Map<String, Object> domain(Random random) {
        Map<String, Object> boxes = new TreeMap<>();
        Map<String, Object> aliases = new TreeMap<>();
        boxes.put("postmaster", mailbox(random));
        for (String name : NAMES) {
            if (random.nextInt(3) == 0) {
                boxes.put(name, mailbox(random));
            }
            if (random.nextInt(3) == 0) {
                aliases.put(name, addresses(random, 1));
            }
        }
        Map<String, Object> domain = new LinkedHashMap<>();
        words(random, domain);
        domain.put("catch_all", random.nextBoolean() ? "" : address(random));
        domain.put(
                "limits", Map.of("mailboxes", random.nextInt(2) * 50, "quota", one(random, List.of("NOQUOTA", "9MB"))));
        domain.put("mailboxes", boxes);
        domain.put("aliases", aliases);
        domain.put("lists", random.nextBoolean() ? Map.of() : Map.of("list1", list(random), "2", list(random)));
        return domain;
    }

    private static String file(Random random) {
        Map<String, Object> control = new TreeMap<>();
        control.put("me", "mail.example.test");
        control.put("databytes", random.nextInt(1000));
        control.put("smtpgreeting", one(random, List.of("x", "a b", "yes", "#1", "")));
        control.put("badmailfrom", addresses(random, 0));
        control.put("morercpthosts", List.of("more.test"));
        control.put("tcp.smtp", List.of("192.0.2.:deny", ":allow,DATABYTES=\"10\""));
        Map<String, Object> domains = new TreeMap<>();
        domains.put("one.test", domain(random));
        domains.put("xn--bcher-kva.example", domain(random));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("control", control);
        words(random, all);
        all.put("domains", domains);
        return Yaml.write(all);
    }

    @Test
    void whatWasExportedMakesTheSame() {
        Seeds.forAll(SYSTEMS, random -> {
            try {
                Path place = Files.createTempDirectory(folder, "x");
                String file = file(random);
                Rig rig = new Rig(place.resolve("a"));
                assertEquals(0, rig.apply(file), () -> rig.err() + file);
                assertEquals(0, rig.apply(file, "--dry-run"), () -> rig.out() + rig.err() + file);
                String export = rig.export("--secrets");
                assertEquals(0, rig.apply(export, "--dry-run", "--prune"), () -> rig.out() + rig.err());
                Rig other = new Rig(place.resolve("b"));
                assertEquals(0, other.apply(export), () -> other.err() + export);
                assertEquals(export, other.export("--secrets"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
