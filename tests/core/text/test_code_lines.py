"""Short code of many languages is code; prose of the same words is none."""

# ruff: noqa: E501, RUF001 (samples)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_texts import PARAGRAPHS
from fanmill.core.language.detection import detect_languages
from fanmill.core.text.code_lines import is_code
from fanmill.core.text.configuration import is_configuration

CODE = {
    "python loops": "for part in wheel.parts():\n    if part.name.startswith('hub'):\n        spin(part)\n",
    "ruby class": "class Mill\n  def turn\n    puts 'clack'\n  end\nend\n",
    "ruby script": "require 'csv'\n\nrows = CSV.read(ARGV[0])\nrows.each do |row|\n  puts row[1]\nend\n",
    "rails": "module Mill\n  class Wheel < Part\n    belongs_to :owner\n    validates :size, presence: true\n  end\nend\n",
    "elixir": "defmodule Wheel do\n  def turn(x) do\n    x |> Enum.map(&spin/1)\n  end\nend\n",
    "haskell": "module Wheel where\n\nturn :: Int -> Int\nturn n = n * 2\n\nmain = do\n  rows <- getContents\n  print (turn 3)\n",
    "haskell imports": "import Data.Map (Map, empty)\nimport qualified Data.Set as Set\n\nturn [] = Nothing\nturn (x : xs) = Just x\n",
    "ocaml": "let rec turn n =\n  if n <= 1 then 1\n  else n * turn (n - 1)\n\nlet () =\n  List.iter (fun n -> print n) [1; 2]\n",
    "erlang": "-module(wheel).\n-export([turn/1]).\n\nturn(N) ->\n    N * 2.\n",
    "lisp": "(defun turn (n)\n  (* n 2))\n\n(print (turn 3))\n",
    "fortran": "program wheel\n  implicit none\n  integer :: n\n  do n = 1, 9\n    print *, n\n  end do\nend program wheel\n",
    "basic": "Public Sub Turn()\n    Dim n As Integer\n    For n = 1 To 9\n        Spin n\n    Next\nEnd Sub\n",
    "kotlin": "fun main() {\n    val rows = listOf(1, 2)\n    for (row in rows) println(row)\n}\n",
    "sql": "select owner, count(*) as n\nfrom wheels\nwhere size > 3\ngroup by owner\norder by n desc;\n",
    "tables": "CREATE TABLE wheels (\n  id INTEGER PRIMARY KEY,\n  owner TEXT NOT NULL\n);\n",
    "css": "main { margin: 0; }\n.wheel { color: teal; }\n#top > li { padding: 1px }\n",
    "docker": 'FROM alpine:3\nWORKDIR /mill\nCOPY . /mill\nRUN apk add curl\nCMD ["sh", "turn.sh"]\n',
    "batch": "@echo off\nset SIZE=3\nif exist old.txt (\n  del old.txt\n)\necho %SIZE%\n",
    "commands": "cd /srv\nls -l\nrm -rf old\nmkdir new\n",
    "assembler": "section .text\nglobal _start\n_start:\n    mov eax, 1\n    int 0x80\n",
    "difference": "diff --git a/m.py b/m.py\n--- a/m.py\n+++ b/m.py\n@@ -1,2 +1,2 @@\n-n = 1\n+n = 2\n",
    "error": 'Traceback (most recent call last):\n  File "m.py", line 3, in <module>\n    turn()\nValueError: n\n',
    "grants": "GRANT SELECT ON wheels TO reader;\nREVOKE ALL ON mills FROM public;\nVACUUM wheels;\n",
    "psql function": "CREATE FUNCTION turn(IN size int4,\n    OUT turns bigint)\nRETURNS SETOF record\nAS 'LIBRARY', 'turn'\nLANGUAGE C STRICT;\n",
    "annotations": "@dataclass\nclass Wheel:\n    size: int\n    owner: str\n\n    def area(self) -> float:\n        return 3.14 * self.size ** 2\n",
    "makefile": "CC = gcc\n\nall: wheel\n\nwheel: $(OBJ)\n\t$(CC) -o $@ $^\n\nclean:\n\trm -f wheel\n",
    "editor": "set number\nsyntax on\nlet g:wheel = 3\nnnoremap <leader>w :w<CR>\nif has('gui')\n  set guifont=Mono\nendif\n",
    "installation": "sudo apt install gcc\ncd ~/src\n./configure --prefix=/usr\nmake -j4\nsudo make install\n",
    "yaml": "kind: Mill\nmetadata:\n  name: wheel\nspec:\n  wheels: 3\n  parts:\n    - name: axle\n      image: mill/axle:1.4\n",
    "workflow": "name: turn\non: [push]\njobs:\n  turn:\n    runs-on: linux\n    steps:\n      - name: Turn\n        run: make turn\n",
    "compose": 'services:\n  web:\n    image: nginx:1\n    ports:\n      - "80:80"\n    depends_on:\n      - db\n  db:\n    image: postgres:15\n',
    "xml": '<?xml version="1.0"?>\n<mill>\n  <wheel>\n    <size>3</size>\n    <owner>Ito</owner>\n  </wheel>\n</mill>\n',
    "cron": "# turns the wheel\n0 3 * * * /usr/bin/turn --slow\n*/15 * * * * /usr/bin/grease\n",
    "session": "$ cd /mill\n$ ls -l\ntotal 8\n-rw-r--r-- 1 ito ito 90 Mar  1 turn.sh\n$ ./turn.sh --slow\nturned\n",
    "java error": 'Exception in thread "main" org.mill.StuckException: wheel\n\tat org.mill.Wheel.turn(Wheel.java:9)\n\tat java.base/java.lang.Thread.run(Thread.java:840)\nCaused by: java.io.IOException: axle\n\t... 2 more\n',
    "go panic": "panic: runtime error: no axle\n\ngoroutine 1 [running]:\nmain.turn(...)\n\t/mill/main.go:17\nmain.main()\n\t/mill/main.go:9 +0x1d\nexit status 2\n",
    "node error": "TypeError: axle is not a function\n    at turn (/mill/index.js:12:20)\n    at Object.<anonymous> (/mill/index.js:30:1)\n    at node:internal/main:28:49\n",
    "merge": "MERGE INTO wheels AS w\nUSING parts AS p\nON w.id = p.id\nWHEN MATCHED THEN\n  UPDATE SET size = p.size;\n",
    "cron with settings": "MAILTO=ops@mill.example\n0 4 * * 1 /usr/bin/turn --slow\n@reboot /usr/bin/grease\n",
    "verilog": "module wheel (\n    input wire clk,\n    output reg [3:0] n\n);\n    always @(posedge clk) begin\n        n <= n + 1;\n    end\nendmodule\n",
    "cobol": '       IDENTIFICATION DIVISION.\n       PROGRAM-ID. WHEEL.\n       WORKING-STORAGE SECTION.\n       01 WS-SIZE PIC 9(3).\n           DISPLAY "SIZE " WS-SIZE.\n           STOP RUN.\n',
    "packages": "mill==1.4.0\nwheel[slow]>=2.1,<3\naxle~=0.9\n",
    "ignored": "build/\n*.py[cod]\n.cache\ndist/*.whl\n!keep/\n",
    "apache": "<VirtualHost *:80>\n    ServerName mill.example\n    <Directory /srv/mill>\n        Require all granted\n    </Directory>\n</VirtualHost>\n",
    "two lines": "def turn(a, b)\n  a * b\nend\n",
}
PROSE = [
    "while the rain fell on the roof\nwe sat and counted what we had\nand nobody would break the peace\nor end the evening with a word",
    "From the harbour, where the ship\nlay all winter, we could hear\nthe bells; and, by noon,\nthe wind (which had been north)\nturned to the west.",
    "Select a row of apples, then\nput the best into the box,\nand order by size what remains.\nLet the others dry.",
    "Class dismissed\nType of roof: slate\nTest the ladder before use\nCall the office by noon",
    "Use of the old mill (for a fee)\nPrint of 1650, by an unknown hand\nSet of six spoons, with a box\nEnd of the sale",
    "(1) The licence ends if:\n(a) the holder dies;\n(b) the fee is not paid;\n(c) the holder gives notice in writing;\n(2) Subsection (1) does not apply to ships.",
    "Die Sitzung beginnt um 9 Uhr;\nanwesend sind Frau Ito (Vorsitz) und Herr Lund;\nentschuldigt ist Frau Marsh;\ndas Protokoll führt Herr Okafor;",
    "Monday: 9 to 12, hall A\nTuesday: 10 to 13, hall B\nWednesday: closed\nThursday: 9 to 12, hall A\nFriday: by request",
    "Rules:\n- no shoes in the hall\n- no dogs, please, on Sundays\nKitchen:\n- wash the cups after use\n- switch off the light when you are the last one to leave",
    "第一条　本会は茶の会という；\n第二条　会員は十名とする；\n第三条　会費（年額）は三千円とする；",
    "ADD THE FLOUR AND MIX.\nMOVE THE PAN TO A COLD PLACE - NOT THE FRIDGE\nDISPLAY THE CAKE ON A STAND\nSTOP WHEN IT IS DONE.",
    "It costs $ 5 in town.\n$ or euros are both taken.\n$ a day, $ a night: the price is the same.\nTotal 24 beds, and 3 more",
    "Input from the members\nModule 3 (for beginners)\nAlways bring a pencil\nTotal of 24 hours\nThe end of the course/",
    '"And then?" she said.\n"Then," said he, "we wait."\n"For what?"\n"For the end."',
]


@pytest.mark.parametrize("name", list(CODE))
def test_short_code_is_code_and_in_no_language(name: str) -> None:
    assert is_code(CODE[name], 0.5) or is_configuration(CODE[name])
    assert detect_languages(CODE[name]).main.code == "und"


@pytest.mark.parametrize("text", PROSE)
def test_prose_with_words_of_programming_languages_is_no_code(text: str) -> None:
    assert not is_code(text)
    assert not is_configuration(text)


@given(st.lists(st.sampled_from(sorted(PARAGRAPHS)), min_size=3, max_size=9), st.data())
def test_clauses_that_end_in_semicolons_are_no_code(
    languages: list[str], data: st.DataObject
) -> None:
    """Laws and minutes list clauses, numbered or not, in every language."""
    marks = data.draw(st.sampled_from(["", "- ", "({}) ", "{}. ", "§ {} "]))
    clauses = [PARAGRAPHS[each].strip().rstrip(".。") for each in languages]
    text = "\n".join(f"{marks.format(n)}{each};" for n, each in enumerate(clauses, 1))
    assert not is_code(text)
