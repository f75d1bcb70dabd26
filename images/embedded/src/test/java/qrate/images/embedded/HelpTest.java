package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Manual;

/// What `./qrate` says about itself, out of the table of programs and without a JVM.
class HelpTest {
    @TempDir
    Path folder;

    private Checkout.Said run(String script) throws IOException, InterruptedException {
        Path output = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", System.getenv("PATH"),
                        "QRATE_STATE", folder.resolve("none").toString(),
                        "qrate", Repository.root().resolve("qrate").toString()));
        return Checkout.end(builder.start(), output);
    }

    private String qrate(String arguments) throws IOException, InterruptedException {
        Checkout.Said said = run("\"$qrate\" " + arguments);
        assertEquals(0, said.code(), said.text());
        return said.text();
    }

    @Test
    void helpNamesEveryProgramByWhatItIsFor() throws Exception {
        String text = qrate("help");
        assertTrue(text.contains("./qrate up [--domain D]"), text);
        for (Manual page : Repository.pages().values()) {
            String service = page.facts().getOrDefault("service", "");
            boolean shown =
                    (!service.isEmpty() || page.facts().get("group").equals("files")) && !service.equals(page.name());
            assertEquals(shown, text.matches("(?s).*[ \n]" + page.name() + "[ \n].*"), page.name());
        }
        assertTrue(qrate("help lists").contains("  ezmlm-make         makes a mailing list\n"));
        assertTrue(qrate("help up").startsWith("  ./qrate up [--domain D]"));
    }

    @Test
    void aMisspeltWordIsUnderstoodAndNotRun() throws Exception {
        Map<String, String> meant = Map.of(
                "vaduser", "did you mean vadduser?",
                "staus", "did you mean status?",
                "qmail-ijnect", "did you mean qmail-inject?",
                "maildir", "is a page of the manual: ./qrate man maildir");
        for (Map.Entry<String, String> word : meant.entrySet()) {
            Checkout.Said said = run("\"$qrate\" " + word.getKey() + " x");
            assertEquals(100, said.code(), said.text());
            assertTrue(said.text().contains(word.getValue()), said.text());
        }
        Checkout.Said said = run("\"$qrate\" nothing-like-it; \"$qrate\" help nothing-like-it");
        assertEquals(100, said.code());
        assertEquals(
                "qrate: there is no 'nothing-like-it' (./qrate help shows what there is)\n".repeat(2), said.text());
    }

    @Test
    void theVersionIsThatOfTheSources() throws Exception {
        String pom = Files.readString(Repository.root().resolve("pom.xml"));
        assertTrue(pom.contains("<version>" + qrate("--version").strip() + "</version>"));
    }

    @Test
    void bashCompletesWordsOfTheTable() throws Exception {
        String ask = "; _qrate; echo \"${COMPREPLY[*]}\"";
        Checkout.Said said = run("source <(\"$qrate\" completion bash); COMP_CWORD=1 COMP_WORDS=(qrate vaddu)" + ask
                + "; COMP_CWORD=2 COMP_WORDS=(qrate man qmail-con)" + ask + "; COMP_WORDS=(qrate help mailb)" + ask);
        assertEquals("vadduser\nqmail-control\nmailboxes\n", said.text());
    }

    /// These shells are on few machines; what would break them is a quote in a summary.
    @Test
    void zshAndFishGetTheSummariesInTheirOwnQuotes() throws Exception {
        assertTrue(qrate("completion zsh").contains("'admin-password:sets an administrator'\\''s password'"));
        assertTrue(qrate("completion fish").contains("-a 'admin-password' -d 'sets an administrator\\'s password'"));
        assertEquals(100, run("\"$qrate\" completion tcsh").code());
    }
}
