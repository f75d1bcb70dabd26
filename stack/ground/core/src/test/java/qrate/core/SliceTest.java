package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SliceTest {
    private static Slice.Part<String> of(List<String> keys, String query, String after, String before) {
        return new Slice(query, after, before, 2).of(keys.iterator());
    }

    @Test
    void itGoesForwardsBackwardsAndSaysWhatIsAround() {
        List<String> keys = List.of("d", "b", "a", "e", "c");
        assertEquals(new Slice.Part<>(List.of("a", "b"), false, true, 5), of(keys, "", "", ""));
        assertEquals(new Slice.Part<>(List.of("c", "d"), true, true, 5), of(keys, "", "b", ""));
        assertEquals(new Slice.Part<>(List.of("e"), true, false, 5), of(keys, "", "d", ""));
        assertEquals(new Slice.Part<>(List.of("c", "d"), true, true, 5), of(keys, "", "", "e"));
        assertEquals(new Slice.Part<>(List.of("a", "b"), false, true, 5), of(keys, "", "", "c"));
        assertEquals(new Slice.Part<>(List.of(), true, false, 5), of(keys, "", "x", ""));
        assertEquals(new Slice.Part<>(List.of("e"), false, false, 1), of(keys, "e", "", ""));
    }

    @Test
    void aWalkSeesEachKeyOnceInOrderWhateverTheOrderTheyComeIn() {
        List<String> keys = new ArrayList<>(
                IntStream.range(0, 1000).mapToObj(i -> String.format("%04d", i)).toList());
        Collections.shuffle(keys, new Random(17));
        List<String> seen = new ArrayList<>();
        Slice.Part<String> part = new Slice("", "", "", 37).of(keys.iterator());
        seen.addAll(part.rows());
        while (part.later()) {
            part = new Slice("", seen.getLast(), "", 37).of(keys.iterator());
            assertTrue(part.earlier());
            seen.addAll(part.rows());
        }
        assertEquals(keys.stream().sorted().toList(), seen);
        assertFalse(part.later());
    }

    @Test
    void nobodyAsksForMoreThanThereMayBe() {
        assertEquals(Slice.MOST_MAX, Slice.first(1_000_000).most());
        assertEquals(1, Slice.first(-5).most());
    }
}
