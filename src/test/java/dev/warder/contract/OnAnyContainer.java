package dev.warder.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks contracts of decisions and of the database, which no container is a part of. The build runs them on one container, and with
 * {@code -Peach-container} on all. A base and each class between it and a contract has the mark.
 */
@Tag("any-container")
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface OnAnyContainer {}
