"""How fast is it, beside what is possible in the same process model and beside how such things are usually written?"""
