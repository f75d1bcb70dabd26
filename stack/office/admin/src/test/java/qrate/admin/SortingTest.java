package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import qrate.core.Slice;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;

/// Tables in the order of a column that somebody chose.
class SortingTest extends AdminOnRig {
    private static final String DOMAIN = "/domains/sorted.test";

    private static Rig.Browser admin;

    @BeforeAll
    static void fill() throws IOException {
        rig.domains.apply(new Edit.AddDomain("sorted.test", new Password.Clear(Rig.PASSWORD)));
        for (int i = 0; i < 60; i++) {
            String address = "m" + (100 + i) + "@sorted.test";
            rig.domains.apply(new Edit.AddMailbox(address, new Password.Clear(Rig.PASSWORD)));
            rig.domains.apply(new Edit.Modify(
                    address, Map.of(Property.NAME, "Zoe " + (99 - i), Property.QUOTA, new Quota(1000 + i % 7, 0))));
            Files.writeString(
                    rig.state.maildirs().resolve("domains/sorted.test/m" + (100 + i) + "/Maildir/maildirsize"),
                    "1000S\n" + (i * 37 % 60) + " 1\n");
        }
        admin = rig.browser().signIn("admin");
    }

    private static List<String> rows(String page) {
        Matcher row =
                Pattern.compile("href=\"/mailboxes/(m[0-9]+)@sorted.test\"").matcher(page);
        List<String> rows = new ArrayList<>();
        while (row.find()) {
            rows.add(row.group(1));
        }
        return rows;
    }

    private static String page(String path) throws IOException {
        return admin.get(path).body();
    }

    private static List<String> by(Function<Integer, Integer> value) {
        return IntStream.range(0, 60)
                .boxed()
                .sorted(Comparator.comparing(value))
                .map(i -> "m" + (100 + i))
                .toList();
    }

    @Test
    void mailboxesAreInTheOrderOfWhatTheyHoldPageForPage() throws IOException {
        List<String> used = by(i -> i * 37 % 60);
        String first = page(DOMAIN + "?sort=-used&q=m1");
        assertEquals(used.reversed().subList(0, 50), rows(first));
        assertTrue(first.contains("aria-sort=\"descending\"><a href=\"" + DOMAIN + "?q=m1&amp;sort=used\""), first);
        assertTrue(first.contains("name=\"sort\" value=\"-used\""), "a search keeps the order");
        String next = "?q=m1&amp;sort=-used&amp;after=" + used.reversed().get(49);
        assertTrue(first.contains(next), first);
        String second = page(DOMAIN + next.replace("&amp;", "&"));
        assertEquals(used.reversed().subList(50, 60), rows(second));
        assertTrue(second.contains("sort=-used&amp;before=" + used.reversed().get(50)), second);
        assertEquals(
                used.reversed().subList(0, 50),
                rows(page(DOMAIN + "?sort=-used&q=m1&before=" + used.reversed().get(50))));
    }

    @Test
    void eachColumnGivesAnOrderAndAnUnknownOneTheUsual() throws IOException {
        assertEquals(
                by(i -> 99 - i).subList(0, 5),
                rows(page(DOMAIN + "?sort=name&q=m1")).subList(0, 5));
        assertEquals(
                by(i -> (i % 7) * 100 + i).subList(0, 20),
                rows(page(DOMAIN + "?sort=quota&q=m1")).subList(0, 20));
        assertEquals("m159", rows(page(DOMAIN + "?sort=-address")).getFirst());
        for (String unknown : List.of("?sort=hash", "?sort=", "?sort=-", "?sort=%3Cscript%3E")) {
            assertEquals("m100", rows(page(DOMAIN + unknown)).getFirst(), unknown);
        }
        rig.browser().signIn("m130@sorted.test");
        assertEquals("m130", rows(page(DOMAIN + "?sort=-seen&q=m1")).getFirst());
    }

    @Test
    void domainsAreInTheOrderOfTheirMailboxes() throws IOException {
        String page = page("/domains?sort=-mailboxes");
        Matcher first = Pattern.compile("href=\"/domains/([a-z.]+)\">").matcher(page);
        assertTrue(first.find() && first.group(1).equals("sorted.test"), page);
        assertTrue(page.contains("aria-sort=\"descending\""), page);
        assertFalse(page("/domains").contains("aria-sort=\"descending\""));
    }

    @Test
    void aPartOfRowsInOrderIsBesideItsKeyOrTheBeginning() {
        List<String> rows = List.of("d", "a", "c", "b");
        Function<String, String> key = row -> row;
        assertEquals(new Slice.Part<>(List.of("c"), true, true, 4), Sorting.part(rows, new Slice("", "a", "", 1), key));
        assertEquals(
                new Slice.Part<>(List.of("a", "c"), true, true, 4), Sorting.part(rows, new Slice("", "", "b", 2), key));
        assertEquals(
                new Slice.Part<>(List.of("d", "a", "c"), false, true, 4),
                Sorting.part(rows, new Slice("", "gone", "", 3), key));
        assertEquals(new Slice.Part<>(List.of(), true, false, 4), Sorting.part(rows, new Slice("", "b", "", 3), key));
        assertEquals(
                new Slice.Part<>(List.of(), false, false, 0), Sorting.part(List.of(), new Slice("", "", "x", 3), key));
    }
}
