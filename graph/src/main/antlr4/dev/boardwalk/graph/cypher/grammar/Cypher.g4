/**
 * The part of openCypher that Boardwalk answers. What is not here cannot be asked: there is no rule for writing,
 * procedures or loading, so that no later step has to recognise and refuse them.
 *
 * Chains of operators are flat (a + b + c is one node), so that the depth of the tree is the depth of brackets.
 */
grammar Cypher;

options { caseInsensitive = true; }

statement : branch union* ';'? EOF ;

union : UNION ALL? branch ;

branch : clause+ ;

clause : match | unwind | with | result ;

match : OPTIONAL? MATCH paths where? ;

unwind : UNWIND expression AS variable ;

with : WITH projection where? ;

result : RETURN projection ;

where : WHERE expression ;

projection : DISTINCT? ( star='*' ( ',' item )* | item ( ',' item )* ) order? skipped? limited? ;

item : expression ( AS variable )? ;

order : ORDER BY sort ( ',' sort )* ;

sort : expression ( ASC | ASCENDING | descending=DESC | descending=DESCENDING )? ;

skipped : SKIP_ expression ;

limited : LIMIT expression ;

paths : path ( ',' path )* ;

path : ( variable '=' )? ( search=SYMBOL '(' chain ')' | chain ) ;

chain : node ( relationship node )* ;

node : '(' variable? labels? ( map | parameter )? ')' ;

labels : ( ':' name )+ ;

relationship : incoming='<'? '-' detail? '-' outgoing='>'? ;

detail : '[' variable? types? range? ( map | parameter )? ']' ;

types : ':' name ( '|' ':'? name )* ;

range : '*' least=INTEGER? ( dots='..' most=INTEGER? )? ;

expression : exclusive ( OR exclusive )* ;

exclusive : conjunction ( XOR conjunction )* ;

conjunction : negation ( AND negation )* ;

negation : NOT* comparison ;

comparison : predicate ( ( '=' | '<>' | '<' | '>' | '<=' | '>=' ) predicate )* ;

predicate : sum test* ;

test
    : IN sum
    | STARTS WITH sum
    | ENDS WITH sum
    | CONTAINS sum
    | IS NOT? NULL
    ;

sum : product ( ( '+' | '-' ) product )* ;

product : power ( ( '*' | '/' | '%' ) power )* ;

power : signed ( '^' signed )* ;

signed : ( '+' | '-' )* postfix ;

postfix : atom suffix* ;

suffix
    : '.' name
    | '[' from=expression? dots='..' to=expression? ']'
    | '[' index=expression ']'
    | labels
    ;

atom
    : literal
    | parameter
    | choice
    | exists
    | call
    | chained
    | '(' expression ')'
    | list
    | map
    | variable
    ;

literal : INTEGER | DECIMAL | STRING | TRUE | FALSE | NULL ;

parameter : '$' ( name | INTEGER ) ;

choice : CASE of=expression? when+ ( ELSE otherwise=expression )? END ;

when : WHEN condition=expression THEN value=expression ;

exists
    : EXISTS '{' MATCH? paths where? '}'
    | EXISTS '(' expression ')'
    ;

call : function '(' ( star='*' | DISTINCT? ( expression ( ',' expression )* )? ) ')' ;

function : ( SYMBOL | ESCAPED | ALL ) ( '.' name )* ;

chained : node ( relationship node )+ ;

list : '[' ( expression ( ',' expression )* )? ']' ;

map : '{' ( entry ( ',' entry )* )? '}' ;

entry : name ':' expression ;

variable : SYMBOL | ESCAPED | ALL | BY ;

name
    : SYMBOL | ESCAPED
    | ALL | AND | AS | ASC | ASCENDING | BY | CASE | CONTAINS | DESC | DESCENDING | DISTINCT | ELSE | END | ENDS
    | EXISTS | FALSE | IN | IS | LIMIT | MATCH | NOT | NULL | OPTIONAL | OR | ORDER | RETURN | SKIP_ | STARTS | THEN
    | TRUE | UNION | UNWIND | WHEN | WHERE | WITH | XOR
    ;

ALL : 'ALL' ;
AND : 'AND' ;
AS : 'AS' ;
ASC : 'ASC' ;
ASCENDING : 'ASCENDING' ;
BY : 'BY' ;
CASE : 'CASE' ;
CONTAINS : 'CONTAINS' ;
DESC : 'DESC' ;
DESCENDING : 'DESCENDING' ;
DISTINCT : 'DISTINCT' ;
ELSE : 'ELSE' ;
END : 'END' ;
ENDS : 'ENDS' ;
EXISTS : 'EXISTS' ;
FALSE : 'FALSE' ;
IN : 'IN' ;
IS : 'IS' ;
LIMIT : 'LIMIT' ;
MATCH : 'MATCH' ;
NOT : 'NOT' ;
NULL : 'NULL' ;
OPTIONAL : 'OPTIONAL' ;
OR : 'OR' ;
ORDER : 'ORDER' ;
RETURN : 'RETURN' ;
SKIP_ : 'SKIP' ;
STARTS : 'STARTS' ;
THEN : 'THEN' ;
TRUE : 'TRUE' ;
UNION : 'UNION' ;
UNWIND : 'UNWIND' ;
WHEN : 'WHEN' ;
WHERE : 'WHERE' ;
WITH : 'WITH' ;
XOR : 'XOR' ;

DECIMAL : [0-9]+ '.' [0-9]+ ( 'E' [+-]? [0-9]+ )? | [0-9]+ 'E' [+-]? [0-9]+ ;
INTEGER : [0-9]+ ;
STRING : '\'' ( ~['\\] | '\\' . )* '\'' | '"' ( ~["\\] | '\\' . )* '"' ;
SYMBOL : [\p{L}_] [\p{L}\p{N}_]* ;
ESCAPED : '`' ( ~'`' | '``' )* '`' ;

SPACE : [\p{White_Space}]+ -> skip ;
COMMENT : '/*' .*? '*/' -> skip ;
LINE_COMMENT : '//' ~[\r\n]* -> skip ;

/** Anything else is a token too: the parser says where it stands. */
OTHER : . ;
