package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class VerpTest {
    @Test
    void expandsVerpPerRecipient() {
        assertEquals("list-ann=far.example@here.example", Verp.expand("list-@here.example-@[]", "ann@far.example"));
        assertEquals("list-@here.example", Verp.plain("list-@here.example-@[]"));
        assertEquals("bob@here.example", Verp.expand("bob@here.example", "ann@far.example"));
        assertEquals("#@[]", Verp.expand("#@[]", "ann@far.example"));
        assertEquals("#@[]", Verp.plain("#@[]"));
    }
}
