package dev.boardwalk.gateway;

/** What a call needs to be allowed to do, weakest first: who has one has those before it too. */
enum Right {
    /** Nothing: health, metrics, the description of the API. */
    OPEN,
    /** See content, and ask questions about it. */
    READ,
    /** Be seen: awareness and stateless messages. */
    COMMENT,
    /** Change content; create entities and projects by using them. */
    WRITE,
    /** Say who may do what. */
    MANAGE
}
