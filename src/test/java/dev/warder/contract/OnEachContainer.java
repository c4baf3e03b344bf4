package dev.warder.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks contracts in which the container decides: of bytes, framing, targets, the life of a request, the start and the stop. They run
 * on Jetty and on Tomcat. All others are about decisions, translation, the upstream and the database, and run on Tomcat with {@code
 * -Peach-container} only.
 */
@Tag("each-container")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface OnEachContainer {}
