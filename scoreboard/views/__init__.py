"""What the pages ask and show. Only this package knows Streamlit; pages are tables of contents over it.

frame      navigation, who is asking, one place where errors become sentences
asking     who is asking, of which data folder, at which moment
data       the questions about a board, each cached by the data version and by what the viewer sees
filters    branch, week and metric, kept in the address
words      the words of the screen: what is counted, what a state means, how a week is written
tiles      a board as plain JSON, every word of it; `picture` draws it
parts      the pieces pages share: text that stays text, errors as sentences; `jobs` is work that outlives a click
figure     the Metric page
cases      the Exceptions page
load       the Load page
define     the Definitions page
serve      the server
"""
