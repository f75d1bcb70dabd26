package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import qrate.core.Manual;

/// A program is declared once, in the head of its manual page. The files that scripts read are made of these heads, and
/// the programs that each image has in fact are the ones that they name.
class ProgramsTableTest {
    private static final Map<String, String> IMAGE_OF = Map.of(
            "send", "queue",
            "lspawn", "queue",
            "rspawn", "queue",
            "smtpd", "smtpd",
            "pop3d", "pop3d",
            "vchkpwd", "pop3d",
            "signer", "queue",
            "gate", "queue",
            "admin", "admin",
            "acme", "acme");
    private static final Set<String> GROUPS =
            Set.of("mailboxes", "domains", "lists", "queue", "diagnose", "run", "qmail", "files");
    private static final Set<String> FACTS = Set.of("group", "service", "images", "exit", "stays", "link");

    /// Of the launcher itself, in every image.
    private static final String MAN = "man";

    private static final String USUAL_EXIT = "111";

    private static final String PROGRAMS = """
            # Every program and page of the manual by name: the services it runs in (of several the first that is there; - for a mere page),
            # what it is for, `link` where other programs run it by its name, and what it does. Made of the heads of the manual pages by ProgramsTableTest; not to be edited.
            """;
    private static final String CODES = """
            # What a program by name exits with when it cannot do its work now, for `begin`: its callers try again then. Every other program: 111.
            # A `+` stands for a program that runs until it is told to end: it takes begin's place, so that signals reach it and not its parent.
            # Made of the heads of the manual pages by ProgramsTableTest; not to be edited.
            """;

    @Test
    void whatScriptsReadIsMadeOfThePages() throws IOException {
        StringBuilder programs = new StringBuilder(PROGRAMS);
        StringBuilder codes = new StringBuilder(CODES);
        for (Manual page : Repository.pages().values()) {
            String service = page.facts().getOrDefault("service", "-").replace(' ', ',');
            String link = page.facts().containsKey("link") ? "link" : "-";
            programs.append(String.join(" ", page.name(), service, page.facts().get("group"), link, page.summary()))
                    .append('\n');
            String exit = page.facts().getOrDefault("exit", USUAL_EXIT);
            boolean stays = page.facts().containsKey("stays");
            if (stays || !exit.equals(USUAL_EXIT)) {
                codes.append(page.name())
                        .append(' ')
                        .append(exit)
                        .append(stays ? " +" : "")
                        .append('\n');
            }
        }
        Repository.isMade("images/base/programs", programs.toString());
        Repository.isMade("images/base/codes", codes.toString());
    }

    @Test
    void everyImageHasTheProgramsThatSaySo() throws IOException {
        Map<String, Set<String>> said = new TreeMap<>();
        for (Manual page : declared()) {
            for (String image : words(page, "images")) {
                said.computeIfAbsent(image, _ -> new TreeSet<>()).add(page.name());
            }
        }
        Map<String, Set<String>> there = new TreeMap<>();
        there.put("admin", new TreeSet<>(qrate.images.admin.Main.commands().keySet()));
        there.put(
                "queue",
                new TreeSet<>(qrate.images.queue.Main.commands(Map.of()).keySet()));
        there.put("smtpd", new TreeSet<>(qrate.images.smtpd.Main.commands().keySet()));
        there.put("pop3d", new TreeSet<>(qrate.images.pop3d.Main.commands().keySet()));
        there.put("acme", new TreeSet<>(qrate.images.acme.Main.commands().keySet()));
        there.get("queue").add("signer"); // likewise
        there.get("queue").add("gate"); // likewise
        there.get("pop3d").add("vchkpwd"); // a container's own: one process has it inside
        assertEquals(there, said);
    }

    @Test
    void whatAHeadSaysMakesSense() throws IOException {
        for (Manual page : Repository.pages().values()) {
            assertTrue(FACTS.containsAll(page.facts().keySet()), page.name() + ": " + page.facts());
            String group = page.facts().getOrDefault("group", "none");
            assertTrue(GROUPS.contains(group), page.name() + ": no group " + group);
            for (String service : words(page, "service")) {
                String image = IMAGE_OF.getOrDefault(service, "");
                assertTrue(
                        page.name().equals(MAN) || words(page, "images").contains(image),
                        page.name() + " runs in " + service + ", whose image has no such program");
            }
        }
    }

    private static List<Manual> declared() throws IOException {
        List<Manual> programs = new ArrayList<>();
        for (Manual page : Repository.pages().values()) {
            if (page.facts().containsKey("service")) {
                programs.add(page);
            }
        }
        return programs;
    }

    private static List<String> words(Manual page, String fact) {
        String value = page.facts().getOrDefault(fact, "");
        return value.isEmpty() ? List.of() : List.of(value.split(" ", -1));
    }
}
