package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.Slice;
import qrate.lists.ListSettings;

/// One text is looked for in everything that has an address.
class MatchesTest extends OpenDirectory {
    private static final Password PASSWORD = new Password.Clear("correct horse");
    private static final int MOST = 5;

    @BeforeEach
    void fill() throws IOException {
        for (String domain : List.of("school.test", "bakery.test", "xn--bcher-kva.test")) {
            apply(new Edit.AddDomain(domain, PASSWORD));
        }
        apply(new Edit.AddAliasDomain("school.test", "lessons.test"));
        apply(new Edit.AddMailbox("ann.chan@school.test", PASSWORD));
        apply(new Edit.AddMailbox("ann@bakery.test", PASSWORD));
        apply(new Edit.Modify("ann.chan@school.test", Map.of(Property.NAME, "Chan Siu Ming")));
        apply(new Edit.AddAlias(new EditableDirectory.Alias("office@school.test", "ann.chan@school.test")));
        apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@bakery.test", "x_y@far.test")));
        apply(new Edit.SetList(
                "parents@school.test", new ListSettings("ann.chan@school.test", Set.of('p'), "", false)));
    }

    private void apply(Edit edit) throws IOException {
        assertEquals(new Change.Done(), domains.apply(edit), edit.toString());
    }

    private Matches everywhere(String text) throws IOException {
        return domains.search(text, Optional.empty(), MOST);
    }

    private static <T> List<String> said(Slice.Part<T> part, Function<T, String> how) {
        return part.rows().stream().map(how).toList();
    }

    private static List<List<String>> all(Matches matches) {
        return List.of(
                matches.domains().rows(),
                said(matches.mailboxes(), EditableDirectory.Mailbox::address),
                said(matches.aliases(), alias -> alias.address() + " " + alias.target()),
                matches.lists().rows());
    }

    @Test
    void isFoundByAnyPartOfAnAddressOrAName() throws IOException {
        assertEquals(
                List.of(
                        List.of(),
                        List.of("ann@bakery.test", "ann.chan@school.test"),
                        List.of("office@school.test ann.chan@school.test"),
                        List.of()),
                all(everywhere("ann")));
        assertEquals(
                List.of("ann.chan@school.test"), all(everywhere("siu ming")).get(1));
        assertEquals(
                List.of("office@school.test ann.chan@school.test"),
                all(everywhere("office@sch")).get(2));
        assertEquals(List.of("bakery.test"), all(everywhere("baker")).getFirst());
        assertEquals(List.of(List.of(), List.of(), List.of(), List.of()), all(everywhere("nobody")));
    }

    @Test
    void otherNamesOfADomainAndItsOwnLettersLeadToIt() throws IOException {
        assertEquals(List.of("lessons.test"), all(everywhere("lessons")).getFirst());
        assertEquals(
                List.of("ann.chan@school.test"),
                all(everywhere("ann.chan@lessons.test")).get(1));
        assertEquals(
                List.of("xn--bcher-kva.test"), all(everywhere("bücher.test")).getFirst());
        assertEquals(
                List.of("postmaster@xn--bcher-kva.test"),
                all(everywhere("postmaster@bücher.test")).get(1));
    }

    @Test
    void aListIsFoundByItsAddressAndNotByTheLinesThatServeIt() throws IOException {
        Matches found = everywhere("parents");
        assertEquals(List.of("parents@school.test"), found.lists().rows());
        assertEquals(List.of(), found.aliases().rows());
        assertEquals(List.of(), everywhere("parents-default").lists().rows());
        assertEquals(
                List.of("parents@school.test"),
                everywhere("parents@lessons.test").lists().rows());
    }

    @Test
    void signsOfPatternsStandForThemselves() throws IOException {
        assertEquals(List.of(), everywhere("a%n").mailboxes().rows());
        assertEquals(List.of(), everywhere("n_ch").aliases().rows());
        assertEquals(1, everywhere("x_y").aliases().all());
        assertTrue(everywhere("'; DROP TABLE mailboxes; --").mailboxes().rows().isEmpty());
        assertFalse(everywhere("ann").mailboxes().rows().isEmpty());
    }

    @Test
    void oneDomainKnowsNothingOfTheOthers() throws IOException {
        for (String text : List.of("ann", "test", "a", "parents", "lessons", "ann.chan@lessons.test", "office")) {
            Matches found = domains.search(text, Optional.of("bakery.test"), MOST);
            assertFalse(all(found).toString().contains("school"), text + found);
            assertFalse(all(found).toString().contains("lessons"), text + found);
        }
        Matches own = domains.search("test", Optional.of("school.test"), MOST);
        assertEquals(List.of("lessons.test", "school.test"), own.domains().rows());
        assertEquals(2, own.mailboxes().all());
        assertEquals(List.of("parents@school.test"), own.lists().rows());
    }

    @Test
    void ofManyTheFirstComeAndTheirNumber() throws IOException {
        for (int i = 0; i < 2 * MOST; i++) {
            apply(new Edit.AddMailbox("pupil" + i + "@school.test", PASSWORD));
        }
        Slice.Part<EditableDirectory.Mailbox> found = everywhere("pupil").mailboxes();
        assertEquals(2 * MOST, found.all());
        assertEquals(MOST, found.rows().size());
        assertTrue(found.later());
        assertEquals("pupil0@school.test", found.rows().getFirst().address());
    }
}
