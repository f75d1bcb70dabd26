package qrate.lists;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.lists.Rig.ANN;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Letters say what the list says, else what its domain says, else what is built in.
class ListTextsTest {
    private static final String CONFIRM = "sub-confirm";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void make() throws Exception {
        rig = new Rig(folder);
    }

    private String asked() throws Exception {
        assertEquals(0, rig.command(ANN, "subscribe"));
        rig.later(Answers.QUIET.plusSeconds(1));
        return rig.last().text();
    }

    @Test
    void aNewListSaysWhatIsBuiltIn() throws Exception {
        String built = asked();
        assertTrue(built.contains("asked to add ann@example.org to this list."), built);
        assertTrue(built.contains("\n  team-sc."), built);
        Files.delete(rig.dir().resolve("text/" + CONFIRM));
        assertTrue(asked().contains("asked to add ann@example.org to this list."), "a missing file means the same");
    }

    @Test
    void itsDomainsWordsAndLanguageComeInTheirPlace() throws Exception {
        rig.domainSays.put("language", "zh-Hant");
        String chinese = asked();
        assertTrue(chinese.contains("要求將 ann@example.org 加入本清單"), chinese);
        assertTrue(chinese.contains("您好。這是管理郵寄清單 team@example.test 的程式。"), chinese);
        assertTrue(chinese.contains("\nList-Id: <team.example.test>\n"), "fields stay as they are");
        rig.domainSays.put("list-sub-confirm zh-Hant", "請回信：{reply}（{list}、{host}、{address}、{folded}）");
        String own = asked();
        assertTrue(own.contains("\n請回信：team-sc."), own);
        assertTrue(own.contains("（team、example.test、ann@example.org、ann=example.org）\n"), own);
        assertTrue(own.contains("\n寫信到 team-owner@example.test"), own);
    }

    @Test
    void aListsOwnFileComesFirstAndAnEmptyOneSaysNothing() throws Exception {
        rig.domainSays.put("list-sub-confirm en", "domain");
        rig.domainSays.put("list-bottom en", "domain's bottom");
        assertTrue(asked().contains("\ndomain\n"));
        Files.writeString(rig.dir().resolve("text/" + CONFIRM), "Own: <#l#>@<#h#> <#A#> <#F#> {address}\n");
        Files.writeString(rig.dir().resolve("text/bottom"), "");
        String own = asked();
        assertTrue(
                own.endsWith("Own: team@example.test ann@example.org ann=example.org {address}\n"
                        + own.substring(own.indexOf("\n--- Copy, in part"))),
                own);
        assertFalse(own.contains("domain's bottom"), own);
    }

    @Test
    void aTextOfADomainThatCannotStandThereIsNotUsed() throws Exception {
        rig.domainSays.put("list-sub-confirm en", "Dear {nobody}");
        assertTrue(asked().contains("asked to add ann@example.org to this list."));
    }

    @Test
    void ezmlmMakeWritesAllTextsWithEzmlmsTags() throws Exception {
        assertEquals(23, Texts.ofNewList().size());
        String confirm = Files.readString(rig.dir().resolve("text/" + CONFIRM));
        assertTrue(confirm.contains("<#A#>") && confirm.contains("\n  <#R#>\n"), confirm);
        assertTrue(Texts.ofNewList().values().stream().noneMatch(text -> text.contains("{")));
    }
}
