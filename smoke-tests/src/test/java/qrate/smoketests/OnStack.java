package qrate.smoketests;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Six containers, started once for all tests of a class; what they logged is printed when a test fails.
@Tag("container")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnStack {
    private static final String LOG_LINES_MAX = "200";

    Stack stack;

    @RegisterExtension
    final AfterTestExecutionCallback logs = context -> {
        if (context.getExecutionException().isPresent() && stack != null) {
            System.out.println(context.getDisplayName() + " failed; the containers' last words:");
            System.out.println(stack.compose("logs", "--timestamps", "--tail", LOG_LINES_MAX)
                    .text());
        }
    };

    @BeforeAll
    void up() throws Exception {
        stack = Stack.up();
    }

    @AfterAll
    void down() throws IOException {
        if (stack != null) {
            stack.close();
        }
    }
}
