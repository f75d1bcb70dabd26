package qrate.smoketests;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/// Six containers, started once for all tests of a class.
@Tag("container")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnStack {
    Stack stack;

    @BeforeAll
    void up() throws IOException {
        stack = Stack.up();
    }

    @AfterAll
    void down() throws IOException {
        if (stack != null) {
            stack.close();
        }
    }
}
