"""The Exceptions page: the lists a branch works from, raising one, and one with everything that can be done to it.

clocks     what the browser needs to let the clocks of a case tick by itself
listing    the lists as plain data; list_parts draws them
raising    the form that raises one
detail     one exception as plain data; detail_parts draws it, timeline says its log in words
doing      the forms of everything that can be done to it
ladder     who owns and who hears, as plain data; ladder_parts draws it, type_parts and playbook_parts their parts
agreed_parts what a branch has agreed, folded below the lists; on an exception its row and its playbook
rule_parts what opens by itself, and the row behind an exception
fields     what is typed, kept until it is saved; moments reads the times people write
drawn      the components in the browser
"""
