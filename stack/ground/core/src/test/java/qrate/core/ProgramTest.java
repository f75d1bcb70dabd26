package qrate.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgramTest {
    @Test
    void onlyAYesIsAYes() throws IOException {
        for (String yes : List.of("y\n", "Yes\r\n", " YES", "y\nn\n")) {
            assertEquals(true, stdio(yes).agrees("Remove it?"), yes);
        }
        for (String no : List.of("", "\n", "n\n", "yep\n", "\ny\n", "yes please\n")) {
            assertEquals(false, stdio(no).agrees("Remove it?"), no);
        }
        assertFalse(stdio("y\n").isTerminal(), "a pipe cannot be asked");
    }

    private static Program.Stdio stdio(String input) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        return new Program.Stdio(Map.of(), new ByteArrayInputStream(input.getBytes(UTF_8)), nowhere, nowhere);
    }
}
